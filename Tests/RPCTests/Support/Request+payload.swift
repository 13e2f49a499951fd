import NIOCore

@testable import RPC

extension Request {
    /// A request whose message is encoded already.
    init(methodID: UInt64, timeoutMilliseconds: UInt32, trace: TraceContext?, metadata: Metadata, message: ByteBuffer) {
        self.init(
            methodID: methodID, timeoutMilliseconds: timeoutMilliseconds, trace: trace, metadata: metadata, message: .payload(message))
    }
}
