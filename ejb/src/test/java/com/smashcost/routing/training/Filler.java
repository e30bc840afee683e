package com.smashcost.routing.training;

import java.util.List;
import java.util.Random;

/** Text of the kinds that people paste around what they ask, made up here; seeded, so that it is the same every time. */
final class Filler {

    /** What a kind is made of: whole sentences or lines, of which some are drawn. */
    enum Kind {
        lorem("""
                Lorem ipsum dolor sit amet, consectetur adipiscing elit.
                Sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.
                Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.
                Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur.
                Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.
                Vestibulum ante ipsum primis in faucibus orci luctus et ultrices posuere cubilia curae.
                Pellentesque habitant morbi tristique senectus et netus et malesuada fames ac turpis egestas.
                """),
        minutes("""
                The meeting began at ten with all regional leads present and the notes of last week were approved without changes.
                Operations reported that the warehouse in the north has moved to the new shift plan and that overtime fell slightly.
                Marketing is waiting for the photographs before the autumn leaflet can go to the printer.
                The team agreed to keep the current supplier until the end of the quarter and to review the terms afterwards.
                Facilities will repaint the second floor in August, during which the small meeting rooms are closed.
                Finance asked everybody to hand in travel receipts by the twentieth of the month.
                The next meeting takes place on Thursday in the large room on the ground floor.
                """),
        log("""
                2026-03-14 08:12:44.103 INFO  [worker-3] com.acme.sync.Poller - polled 0 records in 12 ms
                2026-03-14 08:12:49.207 DEBUG [worker-1] com.acme.sync.Poller - next poll in 5000 ms
                2026-03-14 08:12:54.310 WARN  [worker-2] com.acme.http.Pool - connection evicted after 30000 ms idle
                2026-03-14 08:12:59.412 INFO  [scheduler] com.acme.jobs.Cleaner - removed 17 expired entries
                2026-03-14 08:13:04.518 INFO  [worker-3] com.acme.sync.Poller - polled 4 records in 31 ms
                """),
        table("""
                10023,2026-01-04,North,Widget,12,19.90,shipped
                10024,2026-01-04,South,Bracket,3,4.25,shipped
                10025,2026-01-05,East,Widget,40,18.10,returned
                10026,2026-01-06,West,Hinge,7,2.80,open
                10027,2026-01-07,North,Panel,1,149.00,shipped
                """),
        mail("""
                From: Dana Whitlock
                Hello everyone, please find below the thread from yesterday for your information.
                I have copied in the colleagues from the depot, who will take it from here.
                Kind regards, Dana
                This message and any attachments are confidential and intended solely for the addressee.
                If you have received it in error, please delete it and notify the sender.
                Please consider the environment before printing this message.
                """),
        terms("""
                The Supplier shall deliver the Goods to the place named in the Order within the agreed period.
                Title to the Goods passes to the Buyer upon full payment of the invoiced amount.
                Neither party is liable for delays caused by events beyond its reasonable control.
                Any amendment to this Agreement requires the written form in order to be effective.
                The invalidity of one provision does not affect the validity of the remaining provisions.
                This Agreement is governed by the laws of the Supplier's registered place of business.
                """),
        story("""
                The harbour lay quiet under a thin layer of mist, and only the gulls were awake.
                She walked along the quay with her collar turned up and counted the boats that had not gone out.
                An old man mended his net on an upturned crate and nodded without looking up.
                Somewhere behind the sheds a radio played a song that nobody had asked for.
                By noon the sun had burnt the mist away and the market women had set up their stalls.
                The ferry came in late, as it always did, with its rust and its single bell.
                """),
        encyclopaedia("""
                The town lies in the valley of the river and has about eleven thousand inhabitants.
                It was first mentioned in a charter of the ninth century and received market rights two hundred years later.
                The parish church, built of local sandstone, is known for its carved choir stalls.
                During the nineteenth century the railway brought textile mills, most of which closed after the war.
                Today the economy depends on light industry, agriculture and a modest amount of tourism.
                The surrounding hills are protected as a landscape park and are home to several rare orchids.
                """),
        markup("""
                <div class="row"><span class="cell">Item</span><span class="cell">Qty</span></div>
                <div class="row"><span class="cell">Lamp</span><span class="cell">4</span></div>
                <footer class="site"><a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a></footer>
                <p class="note">Opening hours may differ on public holidays.</p>
                """),
        policy("""
                Employees record their working hours in the portal at the end of each week.
                Visitors sign in at reception and wear a badge at all times while on the premises.
                Laptops are encrypted and must be locked when left unattended.
                Annual leave is requested at least two weeks in advance and approved by the line manager.
                Expenses above fifty euros need prior approval and an itemised receipt.
                """);

        private final List<String> lines;

        Kind(String lines) {
            this.lines = lines.lines().toList();
        }
    }

    private Filler() {}

    /** So many characters of one kind. */
    static String of(Kind kind, int characters, long seed) {
        Random random = new Random(seed * 31 + kind.ordinal());
        boolean lines = kind == Kind.log || kind == Kind.table || kind == Kind.markup || random.nextInt(4) == 0;
        StringBuilder text = new StringBuilder(characters + 200);
        int at = random.nextInt(kind.lines.size());
        while (text.length() < characters) {
            text.append(kind.lines.get(at)).append(lines ? '\n' : ' ');
            at = (at + 1 + (random.nextInt(4) == 0 ? 1 : 0)) % kind.lines.size();
        }
        return text.substring(0, characters);
    }

    /** The prompt with filler after it, before it, or on both sides. */
    static String pad(String prompt, Kind kind, int characters, long seed) {
        String break_ = seed % 3 == 0 ? "\n" : "\n\n";
        return switch ((int) (seed % 3)) {
            case 0 -> of(kind, characters, seed) + break_ + prompt;
            case 1 -> prompt + break_ + of(kind, characters, seed);
            default -> prompt + (seed % 2 == 0 ? " " : break_) + of(kind, characters, seed);
        };
    }
}
