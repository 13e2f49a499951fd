public import NIOCore

extension HTTP2Connection {
    /// Puts what speaks HTTP/2 behind the gate of a connection.
    ///
    /// - Parameter acceptor: made for this connection.
    public static func setUp(
        _ channel: any Channel, behind gate: ProtocolChoice, _ limits: HTTP2Limits, acceptor: any HTTP2Acceptor
    ) throws {
        let connection = HTTP2Connection(limits, acceptor, gate: gate, on: channel.eventLoop)
        try channel.pipeline.syncOperations.addHandler(connection, position: .after(gate))
    }
}
