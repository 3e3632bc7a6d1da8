package io.parley.push.sink;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Netty's listeners of this process are on the loopback address only, whatever their owner asks for: Pushy's server takes a port and no address. Netty finds it as a
 * service, and uses it in processes that call {@link #switchOn()}.
 */
public final class LoopbackListeners extends ChannelInitializerExtension {

    /** To be called before the process opens its first connection or listener with Netty. */
    static void switchOn() {
        System.setProperty("io.netty.bootstrap.extensions", "serviceload");
    }

    @Override
    public void postInitializeServerListenerChannel(ServerChannel channel) {
        channel.pipeline().addLast(new OnLoopback());
    }

    private static final class OnLoopback extends ChannelOutboundHandlerAdapter {

        @Override
        public void bind(ChannelHandlerContext context, SocketAddress wanted, ChannelPromise promise) {
            SocketAddress address = wanted instanceof InetSocketAddress internet
                    ? new InetSocketAddress(InetAddress.getLoopbackAddress(), internet.getPort())
                    : wanted;
            var unused = context.bind(address, promise);
        }
    }
}
