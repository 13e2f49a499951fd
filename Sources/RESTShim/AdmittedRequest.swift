/// A request that may go on after its header: its path is known, and who sends it may do what it asks for.
final class AdmittedRequest: Sendable {
    enum Work: Sendable {
        /// What the methods of a resource are.
        case options(allow: String)
        case page(ShimPage)
        case call(RouteMatch, AdmittedCaller)
    }

    let context: RequestContext
    let work: Work

    init(context: RequestContext, work: Work) {
        self.context = context
        self.work = work
    }

    /// - Parameter context: learns who calls.
    convenience init(_ match: RouteMatch, _ caller: AdmittedCaller, _ context: inout RequestContext) {
        context.caller = caller
        self.init(context: context, work: .call(match, caller))
    }
}

/// What a request's header decides, before anything of its body is read.
enum HeadDecision: Sendable {
    case admitted(AdmittedRequest)
    case refused(HTTPResponse)
}
