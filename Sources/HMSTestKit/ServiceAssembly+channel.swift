import RPC
public import ServiceKit

extension ServiceAssembly {
    /// A way to the service without a socket.
    public var channel: InProcessChannel {
        InProcessChannel(services: services, interceptors: interceptors, logger: resources.logger)
    }
}
