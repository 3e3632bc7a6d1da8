package io.parley.standalone.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.yammer.metrics.core.Histogram;
import java.util.List;
import org.apache.kafka.network.metrics.RequestMetrics;
import org.junit.jupiter.api.Test;

/** Fails when a new version of Kafka names its histograms otherwise. */
final class RequestHistogramsTest {
    @Test
    void kafka_uses_the_histograms_that_were_made_before_it() {
        List<Histogram> made = RequestHistograms.register();

        for (String request : List.of("Produce", "FetchConsumer", "AddPartitionsToTxn", "EndTxn", "TxnOffsetCommit")) {
            RequestMetrics used = new RequestMetrics(request);
            assertThat(made)
                    .as(request)
                    .contains(
                            used.requestQueueTimeHist,
                            used.localTimeHist,
                            used.remoteTimeHist,
                            used.throttleTimeHist,
                            used.responseQueueTimeHist,
                            used.responseSendTimeHist,
                            used.totalTimeHist,
                            used.requestBytesHist);
        }
    }
}
