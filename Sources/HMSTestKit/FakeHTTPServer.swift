import Foundation
import NIOCore
public import NIOHTTP1
import NIOPosix

/// The least HTTP server that a fake needs. Requests are noticed as they come, and answered when they may be, so that a
/// test can let those meet which run at the same time.
public struct FakeHTTPServer: Sendable {
    public struct Request: Sendable {
        public let method: String
        public let path: String
        public let query: [String: String]
        public let headers: HTTPHeaders
        public let body: [UInt8]
    }

    public struct Response: Sendable {
        public let status: Int
        public let headers: HTTPHeaders
        public let body: [UInt8]

        public init(status: Int, headers: [(String, String)] = [], body: [UInt8]) {
            self.status = status
            self.headers = HTTPHeaders(headers)
            self.body = body
        }
    }

    private let noticed: @Sendable (Request) -> Void
    private let mayAnswer: @Sendable () -> Bool
    private let answer: @Sendable (Request) -> Response

    /// - Parameters:
    ///   - noticed: called when a request has come.
    ///   - mayAnswer: whether requests may be answered now; those that may not wait.
    public init(
        noticed: @escaping @Sendable (Request) -> Void = { _ in }, mayAnswer: @escaping @Sendable () -> Bool = { true },
        answer: @escaping @Sendable (Request) -> Response
    ) {
        self.noticed = noticed
        self.mayAnswer = mayAnswer
        self.answer = answer
    }

    /// Serves on a free port of the loopback while `body` runs.
    public func whileServing<Result: Sendable>(_ body: (_ port: Int) async throws -> Result) async throws -> Result {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup.next())
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Connection(server: self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(listener.localAddress?.port ?? 0)
            try await listener.close()
            return result
        } catch {
            // The first failure is the one to tell.
            try? await listener.close()
            throw error
        }
    }

    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let server: FakeHTTPServer
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(server: FakeHTTPServer) {
            self.server = server
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body(let bytes): body += bytes.readableBytesView
            case .end: finish(context)
            }
        }

        private func finish(_ context: ChannelHandlerContext) {
            guard let head else { return }
            let request = Request(head, body)
            self.head = nil
            body = []
            server.noticed(request)
            context.eventLoop.assumeIsolated().execute { self.reply(to: request, context) }
        }

        private func reply(to request: Request, _ context: ChannelHandlerContext) {
            guard server.mayAnswer() else {
                context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { self.reply(to: request, context) }
                return
            }
            write(server.answer(request), context)
        }

        private func write(_ response: Response, _ context: ChannelHandlerContext) {
            var headers = response.headers
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: "\(response.body.count)")
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: response.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

extension FakeHTTPServer.Request {
    fileprivate init(_ head: HTTPRequestHead, _ body: [UInt8]) {
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        let pairs = (parts.dropFirst().first ?? "").split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? String($0) }
            return (sides.first ?? "", sides.dropFirst().first ?? "")
        }
        self.init(
            method: head.method.rawValue, path: parts.first.map(String.init) ?? "",
            query: Dictionary(pairs) { first, _ in first }, headers: head.headers, body: body)
    }
}
