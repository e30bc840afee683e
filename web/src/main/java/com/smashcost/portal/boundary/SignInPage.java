package com.smashcost.portal.boundary;

import static jakarta.security.enterprise.authentication.mechanism.http.AuthenticationParameters.withParams;

import com.smashcost.refusal.control.Refusal;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.SecurityContext;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.primefaces.context.PrimeFacesContext;

/** The page on which a member signs in. */
@Named
@RequestScoped
public class SignInPage {

    @Inject
    private SecurityContext security;

    @Inject
    private FacesContext faces;

    private String email = "";
    private String password = "";
    private @Nullable String to;

    @SuppressWarnings("NullAway.Init")
    public SignInPage() {}

    /** Sends who is signed in already to where they were going. Strangers get a page without state, so they cost no memory. */
    public void enter() throws IOException {
        faces.getViewRoot().setTransient(true);
        if (security.getCallerPrincipal() != null) {
            leave();
        }
    }

    /** Signs in, or says why not. */
    public void signIn() throws IOException {
        AuthenticationStatus status = security.authenticate(
                request(), response(), withParams().credential(new UsernamePasswordCredential(email, password)));
        if (status == AuthenticationStatus.SUCCESS) {
            leave();
            return;
        }
        String explanation = request().getAttribute(PortalCarrier.REFUSED) instanceof Refusal refusal
                ? refusal.explanation()
                : "That email and password do not match. Check both and try again.";
        faces.addMessage(null, new FacesMessage(FacesMessage.SEVERITY_ERROR, explanation, null));
    }

    private void leave() throws IOException {
        Redirect.to(Redirect.checked(to), request(), response());
        faces.responseComplete();
    }

    private HttpServletRequest request() {
        return (HttpServletRequest) faces.getExternalContext().getRequest();
    }

    private HttpServletResponse response() {
        return (HttpServletResponse) faces.getExternalContext().getResponse();
    }

    public String getEmail() {
        return email;
    }

    public void setEmail(String email) {
        this.email = email;
    }

    /** Nothing: a password is never sent back. */
    public String getPassword() {
        return "";
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public @Nullable String getTo() {
        return to == null || to.isEmpty() ? null : Redirect.checked(to);
    }

    /** The nonce of the page's scripts, which PrimeFaces wants back with every form, also from browsers without scripts. */
    public String getNonce() {
        return PrimeFacesContext.getCspState(faces).getNonce();
    }

    public void setTo(@Nullable String to) {
        this.to = to;
    }
}
