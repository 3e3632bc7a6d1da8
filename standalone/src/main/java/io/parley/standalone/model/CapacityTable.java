package io.parley.standalone.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The model's figures for one or several loads, to read or to compute with. Servers are those of all cells together. */
public final class CapacityTable {
    private static final double GIGA = 1e9;

    private record Row(String name, String unit, ToDoubleFunction<Capacity> value, boolean each) {}

    private static final List<Row> ROWS = List.of(
            new Row("messages/s, mean", "", one -> one.load().meanMessages(), false),
            new Row("messages/s, peak", "", one -> one.load().peakMessages(), false),
            new Row("connected devices, peak", "", one -> one.load().connected(), false),
            new Row(
                    "deliveries/s, peak",
                    "",
                    one -> one.load().peakMessages() * one.load().deliveries(),
                    false),
            new Row("cores busy, peak", "", Capacity::busyCores, false),
            new Row("cores", "", Capacity::cores, false),
            new Row("MQTT nodes", "", Capacity::nodes, false),
            new Row("memory of each for devices", "GB", one -> one.nodeBytes() / GIGA, true),
            new Row("engines of 8 cores", "", Capacity::engines, false),
            new Row("partitions of a cell", "", Capacity::partitions, true),
            new Row("engine state, one replica", "GB", one -> one.stateBytes() / GIGA, false),
            new Row("Kafka brokers", "", Capacity::kafkaBrokers, false),
            new Row("written to the log, peak", "MB/s", one -> one.logBytes() / 1e6, false),
            new Row("Cassandra nodes", "", Capacity::cassandraNodes, false),
            new Row("on their disks", "TB", one -> one.storedBytes() / 1e12, false),
            new Row("to devices, peak", "Gbit/s", one -> one.deviceBits() / GIGA, false),
            new Row("CPU for a million messages", "core-minutes", one -> one.coreSecondsPerMessage() * 1e6 / 60, true));

    private CapacityTable() {}

    /** Rows by name, columns by load, as Markdown, and under it what breaks first. */
    public static String markdown(List<Load> loads) {
        List<Capacity> all = loads.stream().map(Capacity::new).toList();
        StringBuilder page = new StringBuilder();
        List<String> heads =
                all.stream().map(one -> number(one.load().users()) + " users").toList();
        line(page, "", heads);
        line(page, "---", heads.stream().map(head -> "---:").toList());
        line(
                page,
                "cells (clusters)",
                all.stream().map(one -> number(one.cells())).toList());
        for (Row row : ROWS) {
            List<String> values = new ArrayList<>();
            all.forEach(one -> values.add(number(value(row, one))));
            line(page, row.name() + (row.unit().isEmpty() ? "" : ", " + row.unit()), values);
        }
        line(
                page,
                "what breaks first in one cluster",
                all.stream().map(CapacityTable::first).toList());
        return page.toString();
    }

    private static String first(Capacity one) {
        Capacity.Limit first = one.limits().get(0);
        return first.name() + ": " + number(first.need()) + " of " + number(first.most());
    }

    /** The constants with their sources, as Markdown. */
    public static String constants() {
        StringBuilder page = new StringBuilder();
        line(page, "", List.of("", "from"));
        line(page, "---", List.of("---:", "---"));
        for (Constant constant : Constant.values()) {
            line(page, constant.what(), List.of(number(constant.value()) + " " + constant.unit(), constant.source()));
        }
        return page.toString();
    }

    /** The figures of one load by name, for programs. */
    public static Map<String, Object> figures(Load load) {
        Capacity whole = new Capacity(load);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("users", load.users());
        figures.put("messagesPerDay", load.messagesPerDay());
        figures.put("cells", whole.cells());
        ROWS.forEach(row ->
                figures.put(row.name() + (row.unit().isEmpty() ? "" : ", " + row.unit()), rounded(value(row, whole))));
        Map<String, Object> limits = new LinkedHashMap<>();
        whole.limits().forEach(limit -> limits.put(limit.name(), rounded(limit.ratio())));
        figures.put("shareOfWhatOneClusterCanHave", limits);
        return figures;
    }

    /** Of all cells together, unless it is a figure of each. */
    private static double value(Row row, Capacity whole) {
        int cells = whole.cells();
        return row.value().applyAsDouble(whole.cell(cells)) * (row.each() ? 1 : cells);
    }

    private static double rounded(double value) {
        return value == 0 ? 0 : Math.round(value * 1_000) / 1_000.0;
    }

    private static void line(StringBuilder page, String first, List<String> cells) {
        page.append("| ").append(first);
        cells.forEach(cell -> page.append(" | ").append(cell));
        page.append(" |\n");
    }

    /** With three figures that say something. */
    private static String number(double value) {
        if (value >= 100 || value == Math.rint(value)) {
            double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(value, 1))) - 2));
            boolean count = value < 10_000 && value == Math.rint(value);
            return String.format(Locale.ROOT, "%,.0f", count ? value : Math.round(value / unit) * unit);
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.0f" : value >= 1 ? "%.1f" : "%.2f", value);
    }
}
