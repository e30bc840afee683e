package com.smashcost.portal.boundary;

import jakarta.faces.FacesException;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.context.ExceptionHandler;
import jakarta.faces.context.ExceptionHandlerFactory;
import jakarta.faces.context.ExceptionHandlerWrapper;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.ExceptionQueuedEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import org.primefaces.csp.CspException;

/**
 * What happens when a page fails: one whose state the server no longer has is loaded anew; anything else is logged once and
 * answered by the error page, without a word of what was thrown.
 */
public class FailedPages extends ExceptionHandlerFactory {

    private static final Logger LOG = System.getLogger(FailedPages.class.getName());

    public FailedPages(ExceptionHandlerFactory wrapped) {
        super(wrapped);
    }

    @Override
    public ExceptionHandler getExceptionHandler() {
        return new Handler(getWrapped().getExceptionHandler());
    }

    private static final class Handler extends ExceptionHandlerWrapper {

        Handler(ExceptionHandler wrapped) {
            super(wrapped);
        }

        @Override
        public void handle() throws FacesException {
            Iterator<ExceptionQueuedEvent> events =
                    getUnhandledExceptionQueuedEvents().iterator();
            if (!events.hasNext()) {
                return;
            }
            Throwable thrown = events.next().getContext().getException();
            FacesContext faces = FacesContext.getCurrentInstance();
            try {
                answer(thrown, faces);
            } catch (IOException e) {
                throw new FacesException(e);
            }
            for (events = getUnhandledExceptionQueuedEvents().iterator(); events.hasNext(); ) {
                events.next();
                events.remove();
            }
        }

        private static void answer(Throwable thrown, FacesContext faces) throws IOException {
            ExternalContext external = faces.getExternalContext();
            HttpServletRequest request = (HttpServletRequest) external.getRequest();
            HttpServletResponse response = (HttpServletResponse) external.getResponse();
            if (!response.isCommitted()) {
                response.resetBuffer();
            }
            if (causedBy(thrown, ViewExpiredException.class)) {
                Redirect.to(request.getServletPath(), request, response);
            } else if (causedBy(thrown, CspException.class)) {
                // a form without the nonce of its page: not one that we sent
                response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            } else {
                LOG.log(Level.ERROR, "A page failed: " + request.getServletPath(), thrown);
                if (!response.isCommitted()) {
                    response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
                }
            }
            faces.responseComplete();
        }

        private static boolean causedBy(Throwable thrown, Class<? extends Throwable> kind) {
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                if (kind.isInstance(cause)) {
                    return true;
                }
            }
            return false;
        }
    }
}
