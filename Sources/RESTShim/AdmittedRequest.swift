/// A request that may go on after its header: its path is known, and who sends it may do what it asks for.
final class AdmittedRequest: Sendable {
    enum Work: Sendable {
        /// What the methods of a resource are.
        case options(allow: String)
        case page(Page)
        case call(TranscodedRoute, RequestTarget, parameters: [String], AdmittedCaller)
    }

    let exchange: Exchange
    let work: Work

    init(exchange: Exchange, work: Work) {
        self.exchange = exchange
        self.work = work
    }
}

/// What a request's header decides, before anything of its body is read.
enum HeadDecision: Sendable {
    case admitted(AdmittedRequest)
    case refused(HTTPResponse)
}
