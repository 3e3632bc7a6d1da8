package io.parley.standalone.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of the build and the commit that it was made from; "+" after the commit says that files had changed. Outside of a Git repository there is no commit. */
final class BuiltVersion implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties build = new Properties();
        try (InputStream in = BuiltVersion.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                build.load(in);
            }
        }
        String commit = build.getProperty("git.commit.id.abbrev", "");
        boolean changed = Boolean.parseBoolean(build.getProperty("git.dirty", "false"));
        String version = "Parley " + build.getProperty("git.build.version", "of an unknown version");
        return new String[] {commit.isEmpty() ? version : version + " (" + commit + (changed ? "+" : "") + ")"};
    }
}
