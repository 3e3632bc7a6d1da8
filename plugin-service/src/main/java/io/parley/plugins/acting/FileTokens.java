package io.parley.plugins.acting;

import io.parley.protocol.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Tokens in files, {@code BOT.jwt}, which others keep fresh. Read at each use. */
public final class FileTokens implements BotTokens {
    private final Path folder;

    public FileTokens(Path folder) {
        this.folder = folder;
    }

    @Override
    public String of(UserId bot) throws IOException {
        Path file = folder.resolve(bot + ".jwt");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new IOException("there is no token of " + bot + ": put one into " + file, e);
        }
    }
}
