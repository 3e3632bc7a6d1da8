package io.parley.plugins.loading;

import io.parley.plugin.Plugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.pf4j.ClassLoadingStrategy;
import org.pf4j.JarPluginLoader;
import org.pf4j.JarPluginManager;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRuntimeException;
import org.pf4j.PluginState;
import org.pf4j.PluginWrapper;

/** Loads the jars of plugins, each with a class loader of its own. Not safe for threads. */
public final class PluginJars {
    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

    private final Path copies;
    private final Jars jars;
    private long loaded;

    /**
     * @param copies a directory of this process alone: a jar is loaded from a copy, so that it may be overwritten while it runs
     */
    public PluginJars(Path copies) {
        this.copies = copies;
        this.jars = new Jars(copies);
    }

    /** pf4j's manager, of which only what concerns loading is used. */
    private static final class Jars extends JarPluginManager {
        Jars(Path root) {
            super(root);
            setSystemVersion(Plugin.API_VERSION);
            setExactVersionAllowed(true);
        }

        @Override
        protected PluginLoader createPluginLoader() {
            ClassLoader api = new ApiClasses(PluginJars.class.getClassLoader());
            return new JarPluginLoader(this) {
                @Override
                protected PluginClassLoader createPluginClassLoader(Path path, PluginDescriptor descriptor) {
                    return new PluginClassLoader(pluginManager, descriptor, api, ClassLoadingStrategy.PDA) {
                        @Override
                        protected boolean shouldDelegateToParent(String name) {
                            return ApiClasses.isShared(name);
                        }
                    };
                }
            };
        }
    }

    /**
     * Loads a jar.
     *
     * @throws BadPluginException when it is no plugin, or none for this version of the API
     */
    public LoadedPlugin load(Path jar) throws BadPluginException {
        Path copy = copies.resolve(++loaded + "-" + jar.getFileName());
        String id = "";
        try {
            Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
            id = jars.loadPlugin(copy);
            PluginWrapper wrapper = jars.getPlugin(id);
            require(ID.matcher(id).matches(), "Plugin-Id is 1-64 of a-z, 0-9 and -, but is " + id);
            require(
                    wrapper.getPluginState() != PluginState.DISABLED,
                    "Plugin-Requires is " + wrapper.getDescriptor().getRequires() + ", but this API has version "
                            + Plugin.API_VERSION);
            ClassLoader classes = wrapper.getPluginClassLoader();
            requireEntry(classes);
            String loadedId = id;
            return new LoadedPlugin(id, wrapper.getDescriptor().getVersion(), classes, () -> unload(loadedId, copy));
        } catch (IOException | PluginRuntimeException | IllegalArgumentException e) {
            unload(id, copy);
            throw new BadPluginException(String.valueOf(e.getMessage()), e);
        } catch (BadPluginException e) {
            unload(id, copy);
            throw e;
        }
    }

    private static void requireEntry(ClassLoader classes) throws BadPluginException {
        try {
            List<ServiceLoader.Provider<Plugin>> found =
                    ServiceLoader.load(Plugin.class, classes).stream().toList();
            require(found.size() == 1, "META-INF/services/" + Plugin.class.getName() + " must name one class");
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new BadPluginException(e.toString(), e);
        }
    }

    /** A new object of a plugin. Its class is initialised by that, which runs the plugin's code. */
    static Plugin create(ClassLoader classes) {
        Iterator<Plugin> found = ServiceLoader.load(Plugin.class, classes).iterator();
        return found.next();
    }

    private static void require(boolean is, String otherwise) throws BadPluginException {
        if (!is) {
            throw new BadPluginException(otherwise, null);
        }
    }

    private void unload(String id, Path copy) {
        if (!id.isEmpty() && jars.getPlugin(id) != null) {
            jars.unloadPlugin(id);
        }
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            copy.toFile().deleteOnExit();
        }
    }
}
