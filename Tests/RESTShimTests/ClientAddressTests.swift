import NIOCore
import ServiceKit
import Testing

@testable import RESTShim

struct ClientAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("::ffff:192.0.2.1", "192.0.2.1", true),
        ("2001:db8::1", "2001:db8::ffff:1", true), ("2001:db8::1", "2001:db8:0:1::1", false), ("::1", "127.0.0.1", false),
    ])
    func `a client is his address, or his network of IPv6`(one: String, other: String, isSame: Bool) throws {
        let (one, other) = (IPAddress(try SocketAddress(ipAddress: one, port: 1)), IPAddress(try SocketAddress(ipAddress: other, port: 2)))
        #expect((ClientAddress(one) == ClientAddress(other)) == isSame)
    }

    @Test func `an address is read as it is written`() throws {
        #expect(ClientAddress(IPAddress(bare: "192.0.2.1")) == .ipv4(0xC000_0201))
        #expect(ClientAddress(IPAddress(bare: "2001:db8:1:2:3::4")) == .ipv6Network(0x2001_0DB8_0001_0002))
        #expect(ClientAddress(IPAddress(try SocketAddress(unixDomainSocketPath: "/tmp/socket"))) == .local)
        #expect(ClientAddress(nil) == .local)
    }
}
