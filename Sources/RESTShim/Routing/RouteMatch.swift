/// A route that a request's path leads to.
struct RouteMatch: Sendable {
    let route: TranscodedRoute
    let target: RequestTarget
    /// What stands in the path's parameters, in their order.
    let parameters: [String]
}
