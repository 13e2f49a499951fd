public import RPC
public import ServiceKit
public import SharedCache
public import SignIn

/// How the REST shim is run.
public struct RESTServerConfiguration: Sendable {
    public var host = "127.0.0.1"
    /// 0 asks the system for a free one.
    public var port = 8080
    /// A socket that is bound to an address already, and so is listened on instead of the one above.
    public var listeningSocket: Int32?
    /// What is shown to everybody; nil: HTTP without TLS.
    public var credentials: TLSCredentials?
    public var limits = HTTPLimits()
    /// How many requests are worked on at once, by how long they wait.
    public var admission = AdmissionRules()
    /// How often one caller and one address may ask.
    public var rates = HTTPRates()
    /// In which replicas tell each other how often those have asked; nil for none.
    public var cache: SharedCache?
    /// In which replicas have sessions and wrong passwords together; nil: each for itself.
    public var sessionCache: SharedCache?
    /// How people sign in; nil: they don't, and everybody brings a token.
    public var signIn: SignInConfiguration?
    /// What a guess of a password costs who makes it, and us.
    public var passwordCost = ScryptCost()
    /// How many wrong passwords may be tried.
    public var passwordThrottle = ThrottleRules()
    /// Of which requests it is kept what they did.
    public var traces = TraceConfiguration()
    /// The deadline of a request that names none.
    public var defaultTimeout = Duration.seconds(10)
    /// The longest deadline that a request may name.
    public var maximumTimeout = Duration.seconds(60)

    /// How long `/readyz` waits for each service.
    public var readinessTimeout = Duration.seconds(2)

    public init() {}

    public init(_ hospital: HospitalConfiguration) {
        host = hospital.httpListen.host
        port = hospital.httpListen.port
        limits.connectionCount = hospital.http.connections
        limits.connectionShare = hospital.http.connectionShare
        limits.bodyBudget = hospital.http.bodyBudget
        rates = hospital.http.rates
        traces = hospital.traces
        signIn = hospital.signIn
        defaultTimeout = hospital.timeout
        maximumTimeout = hospital.maximumTimeout
    }
}
