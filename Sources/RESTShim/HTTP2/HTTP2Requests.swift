import GRPC
import HTTP2
import NIOCore
import RPC

/// The requests of one connection of HTTP/2: each is answered as it would be over HTTP/1.1, or is a call of gRPC.
final class HTTP2Requests: HTTP2Acceptor {
    let core: HTTPServerCore
    let seat: OpenConnections.Seat
    let executor: EventLoopExecutor
    let resources: ConnectionResources
    let watch: TurnWatch
    private lazy var calls = PublicCalls(self)

    init(core: HTTPServerCore, seat: OpenConnections.Seat, loop: HTTPServerCore.LoopResources) {
        self.core = core
        self.seat = seat
        executor = loop.executor
        watch = loop.watch
        resources = ConnectionResources(
            eventLoop: executor.eventLoop, traces: loop.traces, lastCaller: LastCaller(), peer: seat.peer)
    }

    func begin(_ header: ReceivedHeader, on stream: HTTP2Stream) -> (any HTTP2Exchange)? {
        if GRPCCalls.isAnnounced(by: header) { return GRPCCalls.begin(header, on: stream, through: calls) }
        return HTTP2Request(
            RequestHead(header.fields, isWhole: stream.hasRequestEnded), fieldCount: header.fields.count, on: stream, of: self)
    }

    func work() -> Bool {
        core.connections.work(seat)
    }

    func rest() {
        core.connections.rest(seat)
    }

    func received(event: Any, of connection: HTTP2Connection) {
        if event is MakeRoom { connection.leave() }
    }
}
