import RPC
import Routes

/// A request that may go on after its header: its path is known, and who sends it may do what it asks for.
final class AdmittedRequest: Sendable {
    enum Work: Sendable {
        /// What the methods of a resource are.
        case options(allow: String)
        case page(ShimPage)
        case call(RouteMatch, AdmittedCaller)
        case operation(OperatorEndpoint, [String], AdmittedCaller)
        case signIn(SignInEndpoint)
    }

    let context: RequestContext
    let work: Work

    init(context: RequestContext, work: Work) {
        self.context = context
        self.work = work
    }

    /// - Parameter context: learns who calls.
    convenience init(_ aim: GuardedAim, _ caller: AdmittedCaller, _ context: inout RequestContext) {
        context.caller = caller
        self.init(context: context, work: aim.work(for: caller))
    }
}

/// What a request's header decides, before anything of its body is read.
enum HeadDecision: Sendable {
    case admitted(AdmittedRequest)
    case refused(HTTPResponse)
}

/// What only some may have.
enum GuardedAim {
    case call(RouteMatch)
    case operation(OperatorEndpoint, parameters: [String])

    /// Whose roles say who may.
    var method: MethodDescriptor {
        switch self {
        case .call(let match): match.route.route.method
        case .operation: OperatorEndpoint.access
        }
    }

    fileprivate func work(for caller: AdmittedCaller) -> AdmittedRequest.Work {
        switch self {
        case .call(let match): .call(match, caller)
        case .operation(let endpoint, let parameters): .operation(endpoint, parameters, caller)
        }
    }
}
