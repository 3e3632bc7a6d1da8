/* A chat client for the terminal on libmosquitto 2.0: cc client.c -o client -lmosquitto && ./client HOST PORT USER TO, with a token in PARLEY_TOKEN.
 * Each line that it reads is sent to TO, a conversation or @user. What comes is stored, printed, and then acknowledged. */
#define _DEFAULT_SOURCE
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *store;
static struct last { char topic[256]; long seq; struct last *next; } *conversations; /* up to which seq each is stored */

/* An event begins with its seq; use a JSON library for the rest. */
static int is_new(const char *topic, const char *json) {
    long seq;
    if (sscanf(json, "{\"seq\":%ld", &seq) != 1) return 0;
    struct last *one = conversations;
    while (one && strcmp(one->topic, topic)) one = one->next;
    if (!one) {
        one = calloc(1, sizeof *one);
        snprintf(one->topic, sizeof one->topic, "%s", topic);
        one->next = conversations;
        conversations = one;
    }
    if (seq <= one->seq) return 0;
    one->seq = seq;
    return 1;
}

/* With a session that is there already this does no harm. */
static void on_connect(struct mosquitto *client, void *user, int refused) {
    char reply[128];
    snprintf(reply, sizeof reply, "user/%s/reply", (char *)user);
    if (!refused) {
        mosquitto_subscribe(client, NULL, "chat/+/msg", 1);
        mosquitto_subscribe(client, NULL, reply, 1);
    }
}

/* The thread of mosquitto_loop_start writes the acknowledgement after this. */
static void on_message(struct mosquitto *client, void *user, const struct mosquitto_message *message) {
    (void)client, (void)user;
    char *json = strndup(message->payload, message->payloadlen);
    if (strncmp(message->topic, "chat/", 5) || is_new(message->topic, json)) {
        if (fprintf(store, "%s %s\n", message->topic, json) < 0 || fflush(store) || fsync(fileno(store))) exit(1);
        puts(json);
        fflush(stdout);
    }
    free(json);
}

int main(int argc, char **argv) {
    if (argc != 5) return fprintf(stderr, "client HOST PORT USER TO\n"), 2;
    char name[128], topic[256], line[4096], message[10000];
    snprintf(name, sizeof name, "received-%s.jsonl", argv[3]);
    store = fopen(name, "a+");
    char *kept = NULL;
    for (size_t size = 0; getline(&kept, &size, store) > 0;) {
        char *json = strchr(kept, ' ');
        if (json) *json = 0, is_new(kept, json + 1);
    }
    mosquitto_lib_init();
    snprintf(name, sizeof name, "%s/quick-start", argv[3]);
    struct mosquitto *client = mosquitto_new(name, false, argv[3]); /* MQTT 3.1.1, with a session of 30 days */
    mosquitto_username_pw_set(client, argv[3], getenv("PARLEY_TOKEN"));
    mosquitto_reconnect_delay_set(client, 1, 30, true);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_message_callback_set(client, on_message);
    /* Later connections are made by the thread; the first is not repeated. */
    while (mosquitto_connect(client, argv[1], atoi(argv[2]), 50)) sleep(1);
    mosquitto_loop_start(client);
    snprintf(topic, sizeof topic, "chat/%s/msg", argv[4]);
    while (fgets(line, sizeof line, stdin)) {
        /* The id makes it one message however often it is sent; without a connection it waits. */
        struct { unsigned long a, b; } id;
        if (getentropy(&id, sizeof id)) return 1;
        int at = snprintf(message, sizeof message, "{\"id\":\"%016lx%016lx\",\"text\":\"", id.a, id.b);
        for (char *c = line; *c && *c != '\n'; c++) {
            if (*c == '"' || *c == '\\') message[at++] = '\\';
            message[at++] = *c;
        }
        strcpy(message + at, "\"}");
        mosquitto_publish(client, NULL, topic, (int)strlen(message), message, 1, false);
    }
    mosquitto_disconnect(client);
    mosquitto_loop_stop(client, false);
}
