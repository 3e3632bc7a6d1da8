package io.parley.bench.peers.load;

import java.util.stream.IntStream;

/** Who sends message {@code k}, and who gets it. Accounts are numbers from 0. */
interface Route {
    int sender(int k);

    /** Whether an account is to get message {@code k}. */
    boolean isFor(int k, int account);

    /** Everybody who is to get some of the messages. */
    int[] receivers();

    /** How many are to get each message. */
    int deliveriesEach();

    /** Pairs of neighbours who take turns: 0 and 1, 2 and 3 … */
    static Route pairs(int accounts) {
        int pairs = accounts / 2;
        return new Route() {
            @Override
            public int sender(int k) {
                return k % pairs * 2 + k / pairs % 2;
            }

            @Override
            public boolean isFor(int k, int account) {
                return account == (sender(k) ^ 1);
            }

            @Override
            public int[] receivers() {
                return IntStream.range(0, pairs * 2).toArray();
            }

            @Override
            public int deliveriesEach() {
                return 1;
            }
        };
    }

    /** Pairs of neighbours of whom the first sends, from an even account on. */
    static Route oneWay(int pairs) {
        return new Route() {
            @Override
            public int sender(int k) {
                return k % pairs * 2;
            }

            @Override
            public boolean isFor(int k, int account) {
                return account == sender(k) + 1;
            }

            @Override
            public int[] receivers() {
                return IntStream.range(0, pairs).map(pair -> pair * 2 + 1).toArray();
            }

            @Override
            public int deliveriesEach() {
                return 1;
            }
        };
    }

    /** One group whose members take turns. */
    static Route group(int members) {
        return new Route() {
            @Override
            public int sender(int k) {
                return k % members;
            }

            @Override
            public boolean isFor(int k, int account) {
                return account != sender(k) && account < members;
            }

            @Override
            public int[] receivers() {
                return IntStream.range(0, members).toArray();
            }

            @Override
            public int deliveriesEach() {
                return members - 1;
            }
        };
    }
}
