import Foundation

/// A connection to the public port that is opened when it is needed and kept while the server keeps it.
final class HTTPFuzzConnection {
    /// What came of a request.
    enum Outcome {
        case answer(status: Int, head: String)
        case closed
        case noAnswer
        case notConnected(FuzzSocketError)
    }

    private let address: FuzzAddress
    private let patience: Duration
    private var socket: FuzzSocket?

    init(_ address: FuzzAddress, patience: Duration = .milliseconds(200)) {
        self.address = address
        self.patience = patience
    }

    static func request(_ method: String, _ path: String, token: String, body: [UInt8] = []) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: hospital\r\nAuthorization: Bearer \(token)\r\n"
        if method != "GET" { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + body
    }

    /// Sends the bytes and waits for one answer.
    func ask(_ bytes: [UInt8]) -> Outcome {
        switch open() {
        case .failure(let error): return .notConnected(error)
        case .success(let socket):
            // What the server takes no more of, it may have answered already.
            _ = socket.send(bytes)
            let outcome = answer(on: socket)
            guard case .answer(_, let head) = outcome, !head.contains("connection: close") else {
                close()
                return outcome
            }
            return outcome
        }
    }

    /// Sends the bytes on a connection of their own and closes it.
    func sendAndLeave(_ bytes: [UInt8]) -> Outcome {
        close()
        defer { close() }
        switch open() {
        case .failure(let error): return .notConnected(error)
        case .success(let socket):
            _ = socket.send(bytes)
            return .noAnswer
        }
    }

    func close() { socket = nil }

    /// The status of the answer; nil where there was none.
    func status(of request: [UInt8]) -> Int? {
        guard case .answer(let status, _) = ask(request) else { return nil }
        return status
    }

    /// Creates a resource and returns its id.
    func create(_ path: String, _ body: String, _ token: String) throws -> String {
        let outcome = ask(Self.request("POST", path, token: token, body: Array(body.utf8)))
        guard case .answer(201, let head) = outcome, let line = head.split(separator: "\r\n").first(where: { $0.hasPrefix("location:") }),
            let id = line.split(separator: "/").last
        else { throw FuzzSocketError(what: "POST \(path) gave \(outcome)", errorNumber: EPROTO) }
        return String(id)
    }

    private func open() -> Result<FuzzSocket, FuzzSocketError> {
        if let socket { return .success(socket) }
        return Result { () throws(FuzzSocketError) in
            let opened = try FuzzSocket(address, patience: patience)
            socket = opened
            return opened
        }
    }

    /// Reads head and body; whatever comes behind them ends the connection.
    private func answer(on socket: FuzzSocket) -> Outcome {
        var bytes: [UInt8] = []
        while true {
            if let (status, head, end) = Self.whole(bytes) {
                if status >= 200 {
                    if bytes.count > end { close() }
                    return .answer(status: status, head: head)
                }
                bytes.removeFirst(end)
                continue
            }
            switch socket.receive() {
            case .bytes(let more): bytes += more
            case .closed: return .closed
            case .nothing: return .noAnswer
            }
        }
    }

    /// The first answer in `bytes` once it is all there: its status, its head in lower case, and where it ends.
    private static func whole(_ bytes: [UInt8]) -> (status: Int, head: String, end: Int)? {
        guard let range = Data(bytes).firstRange(of: Data("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).lowercased()
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        let bodyCount = length.flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) } ?? 0
        let end = range.upperBound + (status == 304 ? 0 : bodyCount)
        return bytes.count < end ? nil : (status, head, end)
    }
}
