import NIOCore
import Testing

@testable import RPC

/// What a name stands for, as time goes by.
@Suite struct AddressLookUpTests {
    private let name = ServerAddress(host: "patient.internal", port: 7000)
    private let other = ServerAddress(host: "10.0.0.9", port: 7000)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let first: SocketAddress
    private let second: SocketAddress

    init() throws {
        first = try SocketAddress(ipAddress: "10.0.0.1", port: 7000)
        second = try SocketAddress(ipAddress: "10.0.0.2", port: 7000)
    }

    private func lookUp(_ addresses: ServerAddress...) -> AddressLookUp { AddressLookUp(of: addresses, pace: .seconds(10)) }

    @Test func `an address in digits stands for itself and is never looked up`() throws {
        var lookUp = lookUp(other)
        #expect(lookUp.begin(at: start) == nil)
        #expect(lookUp.addresses(atMost: 9) == [try SocketAddress(ipAddress: "10.0.0.9", port: 7000)])
        #expect(lookUp.nextAttention == .distantFuture)
    }

    @Test func `a name is looked up at once, and again at its pace`() {
        var lookUp = lookUp(name, other)
        #expect(lookUp.begin(at: start) == [name])
        #expect(lookUp.begin(at: start) == nil)
        lookUp.found([first, second], for: name, at: start)
        #expect(lookUp.addresses(atMost: 9).prefix(2) == [first, second])
        #expect(lookUp.begin(at: start + .seconds(10) - .nanoseconds(1)) == nil)
        #expect(lookUp.begin(at: start + .seconds(10)) == [name])
    }

    @Test func `a failure keeps what was known, and makes for an earlier look, but a second later at the earliest`() {
        var lookUp = lookUp(name)
        _ = lookUp.begin(at: start)
        lookUp.found([first], for: name, at: start)
        _ = lookUp.begin(at: start + .seconds(10))
        lookUp.found([], for: name, at: start + .seconds(10))
        #expect(lookUp.addresses(atMost: 9) == [first])
        #expect(lookUp.nextAttention == start + .seconds(11))
    }

    @Test func `a server that can't be reached makes for an earlier look`() {
        var lookUp = lookUp(name)
        _ = lookUp.begin(at: start)
        lookUp.found([first], for: name, at: start)
        lookUp.hasten(at: start + .seconds(5))
        #expect(lookUp.begin(at: start + .seconds(5)) == [name])
    }

    @Test func `addresses stand once, and no more of them than there may be`() {
        var lookUp = lookUp(name, name)
        _ = lookUp.begin(at: start)
        lookUp.found([first, second, first], for: name, at: start)
        #expect(lookUp.addresses(atMost: 9) == [first, second])
        #expect(lookUp.addresses(atMost: 1) == [first])
    }
}
