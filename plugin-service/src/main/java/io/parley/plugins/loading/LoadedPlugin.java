package io.parley.plugins.loading;

import io.parley.plugin.Plugin;

/**
 * A plugin whose classes can be used.
 *
 * @param id from its manifest
 * @param version from its manifest
 * @param classes its own class loader
 * @param unloading closes the class loader
 */
public record LoadedPlugin(String id, String version, ClassLoader classes, Runnable unloading) {
    /** A new object of the plugin: runs its code, which may do anything. */
    public Plugin create() {
        return PluginJars.create(classes);
    }

    /** Its classes cannot be used any more. */
    public void unload() {
        unloading.run();
    }
}
