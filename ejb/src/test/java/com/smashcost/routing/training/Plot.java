package com.smashcost.routing.training;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Draws quality against cost: how much of the strong model's quality is kept at each share of its cost. */
final class Plot {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 620;
    private static final int MARGIN = 80;

    private final Graphics2D canvas;
    private final double least;

    private Plot(Graphics2D canvas, double least) {
        this.canvas = canvas;
        this.least = least;
    }

    /** One picture for each pair. */
    static void write(RoutingReport report, Path directory) throws IOException {
        for (int at = 0; at < Models.PAIRS.size(); at++) {
            Models.Pair pair = Models.PAIRS.get(at);
            BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
            draw(image, pair, report.of(pair));
            String name = String.format(Locale.ROOT, "cost-quality-%02d-%s.png", at + 1, pair.source());
            ImageIO.write(image, "png", directory.resolve(name).toFile());
        }
    }

    private static void draw(BufferedImage image, Models.Pair pair, List<RoutingReport.Seen> rows) {
        double[] weak = RoutingReport.values(rows, one -> one.sample().score(pair.weak()));
        double[] strong = RoutingReport.values(rows, one -> one.sample().score(pair.strong()));
        Graphics2D canvas = image.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, WIDTH, HEIGHT);
        Plot plot = new Plot(canvas, Math.floor(20 * RoutingReport.mean(weak) / RoutingReport.mean(strong) - 0.5) / 20);
        plot.axes(pair);
        plot.curve(
                Color.GRAY,
                "length",
                1,
                RoutingReport.values(rows, one -> Report.length(one.sample())),
                weak,
                strong,
                pair.cost());
        plot.curve(
                new Color(0xe08a00),
                "untrained",
                2,
                RoutingReport.values(rows, one -> Report.untrained(one.sample())),
                weak,
                strong,
                pair.cost());
        plot.curve(
                new Color(0x1f5fbf),
                "classifier",
                3,
                RoutingReport.values(rows, one -> one.found().score()),
                weak,
                strong,
                pair.cost());
        double ends = RoutingReport.mean(weak) / RoutingReport.mean(strong);
        canvas.setColor(Color.LIGHT_GRAY);
        canvas.drawLine(plot.x(pair.cost()), plot.y(ends), plot.x(1), plot.y(1));
        canvas.drawString("random", WIDTH - 200, HEIGHT - MARGIN - 20);
        canvas.dispose();
    }

    private void axes(Models.Pair pair) {
        canvas.setColor(Color.BLACK);
        canvas.drawString(pair.toString(), MARGIN, 30);
        canvas.drawString("share of the strong model's cost", WIDTH / 2 - 90, HEIGHT - 25);
        canvas.drawString("quality kept", 10, 55);
        canvas.drawRect(MARGIN, MARGIN - 20, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN + 20);
        for (int tenth = 0; tenth <= 10; tenth++) {
            canvas.drawString(tenth * 10 + " %", x(tenth / 10.0) - 12, HEIGHT - MARGIN + 20);
        }
        for (double kept = least; kept < 1.001; kept += 0.05) {
            canvas.drawString(Report.percent(kept), 15, y(kept) + 5);
        }
    }

    private void curve(
            Color color, String name, int line, double[] score, double[] weak, double[] strong, double cost) {
        canvas.setColor(color);
        canvas.setStroke(new BasicStroke(name.equals("classifier") ? 3 : 1.5f));
        canvas.drawString(name, WIDTH - 200, HEIGHT - MARGIN - 20 - 18 * line);
        int steps = 50;
        int lastX = 0;
        int lastY = 0;
        for (int step = 0; step <= steps; step++) {
            int moved = score.length * step / steps;
            double kept = RoutingReport.retention(RoutingReport.easiest(score, moved), strong, weak);
            int x = x(1 - (double) step / steps * (1 - cost));
            int y = y(kept);
            if (step > 0) {
                canvas.drawLine(lastX, lastY, x, y);
            }
            lastX = x;
            lastY = y;
        }
        canvas.setStroke(new BasicStroke(1));
    }

    private int x(double share) {
        return (int) Math.round(MARGIN + share * (WIDTH - 2 * MARGIN));
    }

    private int y(double kept) {
        double share = (kept - least) / (1.02 - least);
        return (int) Math.round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN + 20));
    }
}
