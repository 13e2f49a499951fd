import Foundation
import Synchronization

/// A server that answers the greeting of a connection as Redis does, and from then on as it is told.
final class PlayedRedis: Sendable {
    enum Manner: Sendable {
        /// Reads and says nothing.
        case stalls
        case hangsUp
        /// Sends these bytes, whatever it is asked.
        case says(String)
        /// Sends these bytes again and again.
        case repeats(String)
        /// Sends them one by one, a while apart.
        case dribbles(String)
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex((connections: 0, isOver: false))

    /// - Parameter greets: whether it answers the greeting; else it is rude from the first byte.
    init(_ manner: Manner, greets: Bool = true) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isBound, listen(listener, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in accept(manner, greets) }
    }

    var connections: Int { state.withLock { $0.connections } }

    func stop() {
        state.withLock { $0.isOver = true }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private var isOver: Bool { state.withLock { $0.isOver } }

    private func accept(_ manner: Manner, _ greets: Bool) {
        while !isOver {
            let socket = Glibc.accept(listener, nil, nil)
            guard socket >= 0 else { continue }
            state.withLock { $0.connections += 1 }
            Thread.detachNewThread { [self] in
                serve(socket, manner, greets)
                close(socket)
            }
        }
        close(listener)
    }

    private func serve(_ socket: Int32, _ manner: Manner, _ greets: Bool) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var isGreeted = !greets
        while recv(socket, &bytes, bytes.count, 0) > 0, !isOver {
            if !isGreeted {
                isGreeted = true
                guard send("+PONG\r\n", to: socket) else { return }
                continue
            }
            switch manner {
            case .stalls: break
            case .hangsUp: return
            case .says(let text): guard send(text, to: socket) else { return }
            case .repeats(let text): while !isOver, send(text, to: socket) {}
            case .dribbles(let text):
                for byte in text {
                    guard !isOver, send(String(byte), to: socket) else { return }
                    usleep(1_000)
                }
            }
        }
    }

    private func send(_ text: String, to socket: Int32) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}
