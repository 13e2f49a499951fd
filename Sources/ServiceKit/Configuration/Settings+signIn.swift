extension Settings {
    public static let users = Setting(
        "users", meaning: "File of the hospital's own users, which `hms user` writes; `DATA/keys/users.json` where not set")
    public static let sessionIdle = Setting(
        "session.idle", default: "30m", meaning: "How long somebody who has signed in may do nothing until he has to do so again")
    public static let sessionLifetime = Setting(
        "session.lifetime", default: "12h", meaning: "How long somebody stays signed in at most")
    public static let secondFactorRoles = Setting(
        "require.second.factor",
        meaning: "Roles, such as `admin`, whose people are not let in by a password alone; none where not set")
    public static let publicURL = Setting(
        "http.url",
        meaning:
            "Where browsers reach the REST shim, where that isn't where it listens: `https://hospital.example`. With https, cookies are for TLS only"
    )

    public static let oidcIssuer = Setting(
        "oidc.issuer", meaning: "Identity provider (OpenID Connect) at which people sign in to the pages; none where not set")
    public static let oidcClientID = Setting("oidc.client.id", meaning: "As what it knows this hospital")
    public static let oidcClientSecret = Setting(
        "oidc.client.secret", meaning: "File of the secret that it knows this hospital by; PKCE alone where not set")
    public static let oidcScopes = Setting("oidc.scopes", default: "openid profile", meaning: "What it is asked for")
    public static let oidcRoleClaim = Setting(
        "oidc.role.claim", default: "role",
        meaning:
            "Claim of its ID tokens that says what somebody may do: a word or a list of them; `realm_access.roles` for one within another")
    public static let oidcRoles = Setting(
        "oidc.roles", .list, default: "admin=admin,doctor=doctor,billing=billing,reception=reception",
        meaning: "Which of its words mean which role; the first that somebody has counts")
    public static let oidcDoctorClaim = Setting(
        "oidc.doctor.claim", default: "doctor_id", meaning: "Claim that holds the `doctor_id` of who signs in as a doctor")

    static let signIn = [
        users, sessionIdle, sessionLifetime, secondFactorRoles, publicURL, oidcIssuer, oidcClientID, oidcClientSecret, oidcScopes,
        oidcRoleClaim, oidcRoles,
        oidcDoctorClaim,
    ]
}
