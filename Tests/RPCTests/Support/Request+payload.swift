import NIOCore

@testable import RPC

extension Request {
    /// A request whose message is encoded already.
    init(
        methodID: UInt64, timeoutMilliseconds: UInt32, trace: TraceContext?, creditKiB: UInt16? = nil, metadata: Metadata,
        message: ByteBuffer
    ) {
        self.init(
            methodID: methodID, timeoutMilliseconds: timeoutMilliseconds, trace: trace, creditKiB: creditKiB, metadata: metadata,
            message: .payload(message))
    }
}
