/// A request that may go on after its header: its path is known, and who sends it may do what it asks for.
final class AdmittedRequest: Sendable {
    enum Work: Sendable {
        /// What the methods of a resource are.
        case options(allow: String)
        case page(Page)
        case call(RouteMatch, AdmittedCaller)
    }

    let exchange: Exchange
    let work: Work

    init(exchange: Exchange, work: Work) {
        self.exchange = exchange
        self.work = work
    }

    /// - Parameter exchange: learns who calls.
    convenience init(_ match: RouteMatch, _ caller: AdmittedCaller, _ exchange: inout Exchange) {
        exchange.caller = caller
        self.init(exchange: exchange, work: .call(match, caller))
    }
}

/// What a request's header decides, before anything of its body is read.
enum HeadDecision: Sendable {
    case admitted(AdmittedRequest)
    case refused(HTTPResponse)
}
