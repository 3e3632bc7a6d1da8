package io.parley.standalone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What ARCHITECTURE.md's code map says must stay true of the classes of all modules. */
@AnalyzeClasses(locations = LayeringTest.AllModules.class)
final class LayeringTest {
    private static final String[] KAFKA = {"org.apache.kafka.."};
    private static final String[] CASSANDRA = {"com.datastax..", "org.apache.cassandra.."};
    private static final String[] MQTT = {"com.hivemq..", "org.eclipse.paho..", "io.netty.."};
    private static final String[] HTTP = {
        "io.javalin..", "org.eclipse.jetty..", "com.sun.net.httpserver..", "java.net.http.."
    };
    private static final String[] SERVICES = {
        "io.parley.broker..",
        "io.parley.bridge..",
        "io.parley.archiver..",
        "io.parley.operator..",
        "io.parley.history..",
        "io.parley.push..",
        "io.parley.plugins.."
    };
    private static final String[] RULES = {"io.parley.bridge.conversation..", "io.parley.bridge.user.."};
    private static final String[] SESSION = {
        "io.parley.gateway.publishing..",
        "io.parley.gateway.subscribing..",
        "io.parley.gateway.delivering..",
        "io.parley.gateway.membership.."
    };
    private static final String[] NETWORK = {"java.net..", "java.nio.channels.."};

    private static final DescribedPredicate<JavaClass> HIVEMQS_INSIDES = resideInAPackage("com.hivemq..")
            .and(DescribedPredicate.not(resideInAnyPackage("com.hivemq.extension.sdk..", "com.hivemq.client..")))
            .as("HiveMQ's insides");

    @ArchTest
    static final ArchRule protocol_knows_no_library_of_a_server = classes()
            .that()
            .resideInAPackage("io.parley.protocol..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.protocol..",
                    "java..",
                    "com.google.protobuf..",
                    "com.google.gson.stream..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule protocol_knows_no_network = without("io.parley.protocol..", NETWORK);

    @ArchTest
    static final ArchRule protocol_knows_no_clock = withoutClock("io.parley.protocol..");

    @ArchTest
    static final ArchRule the_rules_are_pure = classes()
            .that()
            .resideInAnyPackage(RULES)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.bridge",
                    "io.parley.bridge.state..",
                    "io.parley.bridge.conversation..",
                    "io.parley.bridge.user..",
                    "io.parley.protocol..",
                    "java..",
                    "com.google.protobuf..",
                    "com.google.common.hash..",
                    // Which characters make an emoji.
                    "com.ibm.icu..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule features_of_a_conversation_do_not_need_each_other =
            slices().matching("io.parley.bridge.conversation.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule features_of_a_user_do_not_need_each_other =
            slices().matching("io.parley.bridge.user.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_rules_have_no_clock = withoutClock(RULES);

    @ArchTest
    static final ArchRule the_rules_have_no_chance = noClasses()
            .that()
            .resideInAnyPackage(RULES)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, ThreadLocalRandom.class)
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID");

    @ArchTest
    static final ArchRule only_the_stores_change_state = noClasses()
            .that()
            .resideInAnyPackage("io.parley.bridge..")
            .and()
            .haveSimpleNameNotEndingWith("Store")
            .and()
            // Tables of features, and what they are made of.
            .haveSimpleNameNotEndingWith("Rows")
            .and()
            .doNotHaveSimpleName("SentIdWindow")
            .and()
            .doNotHaveSimpleName("MessageWindow")
            .and()
            .doNotHaveSimpleName("MessageMarks")
            .and()
            // A machine of one row: who has a token.
            .doNotHaveSimpleName("TokenDirectory")
            .and()
            // Beside what the stores write: which of it is about which node.
            .doNotHaveSimpleName("LifeIndex")
            .should()
            .callMethod("io.parley.bridge.Rows", "put", String.class.getName(), byte[].class.getName())
            .orShould()
            .callMethod("io.parley.bridge.Rows", "delete", String.class.getName());

    @ArchTest
    static final ArchRule the_engine_knows_no_storage = noClasses()
            .that()
            .resideInAPackage("io.parley.bridge..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.parley.storage..", "com.datastax..");

    @ArchTest
    static final ArchRule the_gateway_is_for_every_transport = without("io.parley.gateway..", MQTT, HTTP, CASSANDRA);

    @ArchTest
    static final ArchRule only_the_gateways_adapter_knows_kafka = noClasses()
            .that()
            .resideInAPackage("io.parley.gateway..")
            .and()
            .resideOutsideOfPackage("io.parley.gateway.kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(KAFKA);

    @ArchTest
    static final ArchRule a_session_has_no_clock = withoutClock(SESSION);

    @ArchTest
    static final ArchRule a_session_has_no_threads = noClasses()
            .that()
            .resideInAnyPackage(SESSION)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Thread.class, Timer.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Executor.class);

    @ArchTest
    static final ArchRule the_gateways_packages_make_no_circle =
            slices().matching("io.parley.gateway.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule only_broker_netty_knows_hivemqs_insides = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.parley.broker.netty..",
                    // Starts it as it comes, to compare with.
                    "io.parley.bench.peers.hivemq..")
            .should()
            .dependOnClassesThat(HIVEMQS_INSIDES);

    @ArchTest
    static final ArchRule storage_knows_the_protocol_only = classes()
            .that()
            .resideInAPackage("io.parley.storage..")
            .should()
            .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage("io.parley.."))
                    .or(resideInAnyPackage("io.parley.storage..", "io.parley.protocol..", "io.parley.runtime..")));

    @ArchTest
    static final ArchRule storage_knows_no_other_server = without("io.parley.storage..", KAFKA, MQTT, HTTP);

    @ArchTest
    static final ArchRule the_http_transport_knows_the_log_through_the_gateway_only =
            without("io.parley.history..", KAFKA, MQTT);

    @ArchTest
    static final ArchRule what_is_visited_and_polled_knows_no_http = noClasses()
            .that()
            .resideInAnyPackage("io.parley.history.visiting..", "io.parley.history.polling..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..");

    @ArchTest
    static final ArchRule media_is_for_every_transport = without("io.parley.media..", KAFKA, MQTT, HTTP);

    @ArchTest
    static final ArchRule stores_are_for_every_transport = without("io.parley.stores..", KAFKA, MQTT, HTTP);

    @ArchTest
    static final ArchRule push_knows_the_protocol_only = classes()
            .that()
            .resideInAPackage("io.parley.push..")
            .should()
            .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage("io.parley.."))
                    .or(resideInAnyPackage("io.parley.push..", "io.parley.protocol..", "io.parley.runtime..")));

    @ArchTest
    static final ArchRule push_has_no_storage = without("io.parley.push..", CASSANDRA);

    @ArchTest
    static final ArchRule only_the_logs_side_of_push_knows_kafka = noClasses()
            .that()
            .resideInAPackage("io.parley.push..")
            .and()
            .resideOutsideOfPackages("io.parley.push", "io.parley.push.log..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(KAFKA);

    @ArchTest
    static final ArchRule only_media_knows_s3 = noClasses()
            .that()
            .resideOutsideOfPackage("io.parley.media..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule only_apns_and_its_counterpart_know_pushy = noClasses()
            .that()
            .resideOutsideOfPackages("io.parley.push.apns..", "io.parley.push.sink..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.eatthepath..");

    @ArchTest
    static final ArchRule what_push_sends_and_when_knows_no_network =
            without("io.parley.push.content..", NETWORK, MQTT, HTTP);

    @ArchTest
    static final ArchRule pushs_sending_has_no_threads = noClasses()
            .that()
            .resideInAPackage("io.parley.push.sending..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Thread.class, Timer.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Executor.class);

    @ArchTest
    static final ArchRule pushs_packages_make_no_circle =
            slices().matching("io.parley.push.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_plugin_api_depends_on_nothing = classes()
            .that()
            .resideInAPackage("io.parley.plugin..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.parley.plugin..", "java..");

    @ArchTest
    static final ArchRule examples_of_plugins_know_the_api_only = classes()
            .that()
            .resideInAPackage("io.parley.examples..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.examples..",
                    "io.parley.plugin..",
                    "java..",
                    "javax.crypto..",
                    "com.sun.net.httpserver..");

    @ArchTest
    static final ArchRule only_loading_knows_how_plugins_are_loaded = noClasses()
            .that()
            .resideOutsideOfPackage("io.parley.plugins.loading..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.pf4j..");

    @ArchTest
    static final ArchRule only_subscriptions_of_plugins_know_kafka = noClasses()
            .that()
            .resideInAPackage("io.parley.plugins..")
            .and()
            .resideOutsideOfPackage("io.parley.plugins.subscribing..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(KAFKA);

    @ArchTest
    static final ArchRule the_packages_of_plugins_make_no_circle =
            slices().matching("io.parley.plugins.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule runtime_is_for_every_process = without("io.parley.runtime..", KAFKA, CASSANDRA, MQTT);

    @ArchTest
    static final ArchRule identity_is_for_every_process = without("io.parley.identity..", KAFKA, CASSANDRA, MQTT);

    @ArchTest
    static final ArchRule the_audit_is_pure = classes()
            .that()
            .resideInAPackage("io.parley.audit..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.parley.audit..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule services_meet_on_topics = slices().matching(
                    "io.parley.(broker|bridge|archiver|operator|history|push|plugins)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule nobody_imports_a_service = noClasses()
            .that()
            .resideOutsideOfPackages(SERVICES)
            .and()
            // Runs two of them in one process.
            .resideOutsideOfPackage("io.parley.combined..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICES);

    @ArchTest
    static final ArchRule clients_know_the_wire_contract_only = noClasses()
            .that()
            .resideInAnyPackage("io.parley.demo..", "io.parley.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.gateway..", "io.parley.storage..", "io.parley.runtime..", "io.parley.protocol.log..");

    @ArchTest
    static final ArchRule the_client_library_needs_the_schema_and_its_mqtt_library_only = classes()
            .that()
            .resideInAPackage("io.parley.client..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.client..",
                    "io.parley.protocol..",
                    "java..",
                    "com.google.protobuf..",
                    "com.hivemq.client..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule the_servers_of_others_stand_alone = classes()
            .that()
            .resideInAnyPackage(
                    "io.parley.standalone.kafka..",
                    "io.parley.standalone.cassandra..",
                    "io.parley.standalone.s3..",
                    "io.parley.bench.peers.hivemq..",
                    "io.parley.bench.peers.artemis..")
            .should()
            .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage("io.parley.."))
                    .or(resideInAnyPackage(
                            "io.parley.standalone.kafka..",
                            "io.parley.standalone.cassandra..",
                            "io.parley.standalone.s3..",
                            "io.parley.bench.peers.hivemq..",
                            "io.parley.bench.peers.artemis..")));

    @ArchTest
    static final ArchRule only_the_clients_of_peers_know_xmpp = noClasses()
            .that()
            .resideOutsideOfPackage("io.parley.bench.peers.clients..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.jivesoftware..", "org.jxmpp..");

    @ArchTest
    static final ArchRule modules_make_no_circle =
            slices().matching("io.parley.(*)..").should().beFreeOfCycles();

    private static ArchRule without(String where, String[]... what) {
        return noClasses()
                .that()
                .resideInAPackage(where)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Stream.of(what).flatMap(Stream::of).toArray(String[]::new));
    }

    private static ArchRule withoutClock(String... where) {
        return noClasses()
                .that()
                .resideInAnyPackage(where)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.time.Clock.class);
    }

    /** The classes that the build has made of every module: they never stand on one class path. */
    static final class AllModules implements LocationProvider {
        private static final int DEPTH = 5;

        @Override
        public Set<Location> get(Class<?> testClass) {
            try (Stream<Path> folders = Files.find(
                    Installation.find().home(), DEPTH, (path, found) -> path.endsWith(Path.of("target", "classes")))) {
                return folders.map(Location::of).collect(Collectors.toSet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (PlatformException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
