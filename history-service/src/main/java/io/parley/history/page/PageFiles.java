package io.parley.history.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The files of the page, which the build puts into the folder {@code web} of the class path, with a list of them. */
final class PageFiles {
    private static final String FOLDER = "/web/";
    private static final String LIST = "files.txt";

    private PageFiles() {}

    /** All of them, in memory: they are few and small. None if the page was not built. */
    static List<PageFile> load() {
        List<PageFile> files = new ArrayList<>();
        try (InputStream list = PageFiles.class.getResourceAsStream(FOLDER + LIST)) {
            if (list == null) {
                return List.of();
            }
            for (String path : new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                files.add(new PageFile(path, read(path)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static byte[] read(String path) throws IOException {
        try (InputStream content = PageFiles.class.getResourceAsStream(FOLDER + path)) {
            if (content == null) {
                throw new IOException("the page's " + path + " is missing: build it again");
            }
            return content.readAllBytes();
        }
    }
}
