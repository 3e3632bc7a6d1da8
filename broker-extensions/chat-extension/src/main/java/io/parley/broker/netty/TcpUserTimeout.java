package io.parley.broker.netty;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.ptr.IntByReference;
import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.channels.SelectableChannel;

/**
 * TCP_USER_TIMEOUT of Linux (tcp(7)): how long sent bytes may stay unacknowledged before the system ends the connection. Neither the JDK nor
 * Netty's NIO transport has this option, so the C library is called with the socket's descriptor.
 */
final class TcpUserTimeout {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_USER_TIMEOUT = 18;
    /** The JDK's package that gives the descriptor; the module's {@code jvm.options} exports it. */
    private static final String JDK_CHANNELS = "sun.nio.ch";

    private final CLibrary library;
    private final Method descriptor;

    private TcpUserTimeout(CLibrary library, Method descriptor) {
        this.library = library;
        this.descriptor = descriptor;
    }

    /**
     * Looks for what the option needs.
     *
     * @throws IOException when this system or this JVM does not have it; the message says what is missing
     */
    static TcpUserTimeout open() throws IOException {
        if (!Platform.isLinux()) {
            throw new IOException("it is an option of Linux");
        }
        if (!Object.class.getModule().isExported(JDK_CHANNELS, TcpUserTimeout.class.getModule())) {
            throw new IOException(
                    "the JVM was started without --add-exports=java.base/" + JDK_CHANNELS + "=ALL-UNNAMED");
        }
        try {
            Method descriptor = Class.forName(JDK_CHANNELS + ".SelChImpl").getMethod("getFDVal");
            return new TcpUserTimeout(Native.load("c", CLibrary.class), descriptor);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IOException("the C library cannot be called: " + e, e);
        }
    }

    /**
     * Sets the option. Runs on the channel's event loop, where the socket cannot be closed, and its descriptor used again, in the meantime.
     *
     * @throws IOException when the system refuses it
     */
    void set(Channel channel, int millis) throws IOException {
        try {
            library.setsockopt(
                    descriptor(channel), IPPROTO_TCP, TCP_USER_TIMEOUT, new IntByReference(millis), Integer.BYTES);
        } catch (LastErrorException e) {
            throw new IOException("setsockopt fails with errno " + e.getErrorCode(), e);
        }
    }

    /** The option's value in milliseconds; 0 when the system's own limit holds. */
    int get(Channel channel) throws IOException {
        try {
            IntByReference millis = new IntByReference();
            library.getsockopt(
                    descriptor(channel), IPPROTO_TCP, TCP_USER_TIMEOUT, millis, new IntByReference(Integer.BYTES));
            return millis.getValue();
        } catch (LastErrorException e) {
            throw new IOException("getsockopt fails with errno " + e.getErrorCode(), e);
        }
    }

    private int descriptor(Channel channel) throws IOException {
        if (!(channel instanceof AbstractNioChannel nio)) {
            throw new IOException("no channel of Netty's NIO transport: " + channel.getClass());
        }
        SelectableChannel socket = nio.unsafe().ch();
        try {
            return (int) descriptor.invoke(socket);
        } catch (ReflectiveOperationException e) {
            throw new IOException("the JDK does not give the socket's descriptor", e);
        }
    }

    /** The C library's part that is used. */
    interface CLibrary extends Library {
        int setsockopt(int socket, int level, int option, IntByReference value, int length) throws LastErrorException;

        int getsockopt(int socket, int level, int option, IntByReference value, IntByReference length)
                throws LastErrorException;
    }
}
