package com.smashcost.portal.boundary;

import com.smashcost.ledger.control.RequestLog;
import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.ledger.entity.RequestId;
import jakarta.ejb.EJBException;
import jakarta.faces.context.FacesContext;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.primefaces.PrimeFaces;

/**
 * The request log, newest first, a page at a time. The newest page refreshes itself with one query, and draws itself again only
 * when that query brought something new.
 */
@Named
@ViewScoped
public class RequestsPage implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int PAGE = 50;
    private static final Logger LOG = System.getLogger(RequestsPage.class.getName());

    @Inject
    private transient RequestLog log;

    @Inject
    private PortalFrame frame;

    private @Nullable String after;
    private @Nullable String request;
    private transient List<LoggedRequest> requests = List.of();
    private transient @Nullable LoggedRequest opened;
    private boolean older;
    private boolean away;

    @SuppressWarnings("NullAway.Init")
    public RequestsPage() {}

    /** Reads the page that the address asks for, and the request whose drawer is open in it. */
    public void enter() throws IOException {
        FacesContext faces = FacesContext.getCurrentInstance();
        try {
            read(after == null ? null : RequestId.parse(after));
            open();
        } catch (IllegalArgumentException notAnId) {
            faces.getExternalContext().responseSendError(400, null);
            faces.responseComplete();
        }
    }

    /** Looks for newer requests. */
    public void refresh() {
        boolean wasAway = away;
        List<LoggedRequest> before = requests;
        read(null);
        boolean changed = !newest(before).equals(newest(requests)) || before.size() != requests.size();
        if (changed || wasAway != away) {
            PrimeFaces.current().ajax().update("log");
        }
    }

    /** Shows the request whose row was chosen. */
    public void openAsked() {
        request = FacesContext.getCurrentInstance()
                .getExternalContext()
                .getRequestParameterMap()
                .get("id");
        try {
            open();
        } catch (IllegalArgumentException notAnId) {
            request = null;
        }
    }

    /** Shows the request with the id {@link #getRequest()} in the drawer; costs a query only if it is not on the page. */
    public void open() {
        opened = null;
        if (request == null || request.isEmpty()) {
            return;
        }
        RequestId id = RequestId.parse(request);
        opened =
                requests.stream().filter(row -> row.id().equals(id)).findFirst().orElse(null);
        if (opened == null && !away) {
            opened = find(id);
        }
    }

    private void read(@Nullable RequestId before) {
        try {
            List<LoggedRequest> found =
                    log.page(new RequestLog.Query(frame.organizationId(), PAGE + 1, before, null, null));
            older = found.size() > PAGE;
            requests = List.copyOf(found.subList(0, Math.min(PAGE, found.size())));
            away = false;
        } catch (EJBException e) {
            if (!away) {
                LOG.log(
                        Level.WARNING,
                        "The request log cannot be read: {0}",
                        e.getClass().getSimpleName());
            }
            away = true;
        }
    }

    private @Nullable LoggedRequest find(RequestId id) {
        try {
            Instant then = id.mintedAt();
            return log.page(new RequestLog.Query(frame.organizationId(), PAGE, null, then, then.plusMillis(1))).stream()
                    .filter(row -> row.id().equals(id))
                    .findFirst()
                    .orElse(null);
        } catch (EJBException e) {
            away = true;
            return null;
        }
    }

    private static String newest(List<LoggedRequest> rows) {
        return rows.isEmpty() ? "" : rows.getFirst().id().toString();
    }

    public List<RequestRow> getRows() {
        return requests.stream().map(this::row).toList();
    }

    public @Nullable RequestRow getOpened() {
        return opened == null ? null : row(opened);
    }

    private RequestRow row(LoggedRequest logged) {
        return new RequestRow(logged, Instant.now(), frame.zone());
    }

    /** Whether the organisation has no request at all, as far as is known. */
    public boolean isUnused() {
        return requests.isEmpty() && after == null && !away;
    }

    /** Whether the database cannot be reached. */
    public boolean isAway() {
        return away;
    }

    /** Whether this is the page that refreshes itself. */
    public boolean isNewest() {
        return after == null;
    }

    /** The address of the next older page; null if there is none. */
    public @Nullable String getOlder() {
        return older ? "?after=" + requests.getLast().id() : null;
    }

    /** The address of the page without a drawer. */
    public String getClosed() {
        return after == null ? Redirect.REQUESTS : "?after=" + after;
    }

    /** The beginning of the address of the page with a drawer, to which the request's id is appended. */
    public String getOpen() {
        return after == null ? "?request=" : "?after=" + after + "&request=";
    }

    public @Nullable String getAfter() {
        return after;
    }

    public void setAfter(@Nullable String after) {
        this.after = after;
    }

    public @Nullable String getRequest() {
        return request;
    }

    public void setRequest(@Nullable String request) {
        this.request = request;
    }
}
