package io.parley.standalone;

import java.lang.reflect.Proxy;

/**
 * Leaves Ctrl-C to the child program that shares this terminal: it may mean "clear the line" there. When it ends over it, this process
 * goes on to its orderly end.
 */
final class TerminalInterrupts {

    private TerminalInterrupts() {}

    /** From now on Ctrl-C does not end this JVM; children still get it. Without the JDK's signal class nothing changes. */
    static void leaveToChild() {
        try {
            // By reflection, since the compiler knows no way to allow just this unsupported class.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object nothing = Proxy.newProxyInstance(
                    TerminalInterrupts.class.getClassLoader(),
                    new Class<?>[] {handler},
                    (self, method, arguments) -> method.getName().equals("handle")
                            ? null
                            : method.invoke(TerminalInterrupts.class, arguments));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), nothing);
        } catch (ReflectiveOperationException e) {
            System.err.println("Ctrl-C will end this program at once");
        }
    }
}
