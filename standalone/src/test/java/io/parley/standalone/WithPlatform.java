package io.parley.standalone;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that needs the whole platform: constructors and methods may take a {@link Platform}. It is started once for all test
 * classes, on free ports and a data directory of its own, and stopped after the last. A test that kills or holds a role leaves it ready
 * again; tests keep apart by using users and groups of their own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PlatformExtension.class)
public @interface WithPlatform {}
