package io.parley.history.media;

import io.javalin.config.JavalinConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.media.Media;
import io.parley.media.SignedLinks;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/** Registers the addresses of attachments with the HTTP server. */
public final class MediaRoutes implements Consumer<JavalinConfig> {
    private final AttachmentServlet attachments;
    private final UploadServlet uploads;

    /** @param askers tells who asks */
    public MediaRoutes(Media media, SignedLinks links, Askers askers, MeterRegistry registry) {
        Exchanges exchanges = new Exchanges(askers, media.metrics(), registry, media.streaming());
        this.attachments = new AttachmentServlet(media, links, exchanges);
        this.uploads = new UploadServlet(media, exchanges);
    }

    @Override
    public void accept(JavalinConfig config) {
        config.jetty.modifyServletContextHandler(handler -> {
            handler.addServlet(asynchronous(attachments), "/v1/attachments/*");
            handler.addServlet(asynchronous(uploads), "/v1/uploads/*");
        });
    }

    private static ServletHolder asynchronous(jakarta.servlet.http.HttpServlet servlet) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        return holder;
    }
}
