import ServiceKit
import Testing

@testable import NotificationService

/// Where webhooks may lead.
@Suite struct OpenNetTests {
    private func isOpen(_ address: String) throws -> Bool {
        OpenNet.contains(try #require(IPAddress(bare: address)))
    }

    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
        "2606:4700::1111", "2a00:1450:4001:800::200e", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:200::1",
    ])
    func `what everybody can reach is open`(address: String) throws {
        #expect(try isOpen(address))
    }

    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1",
        "ff02::1", "2001:db8::1", "2001::1", "2002:7f00:1::1", "2002:a00:1::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::127.0.0.1", "::127.0.0.1", "fec0::1", "100::1",
    ])
    func `this machine, private networks and what is kept for a purpose are not`(address: String) throws {
        #expect(try !isOpen(address))
    }

    @Test(arguments: [
        ("https://lab.example/hospital", false, true), ("https://lab.example:8443/", false, true),
        ("https://[2606:4700::1111]/", false, true),
        ("http://lab.example/", false, false), ("http://lab.example/", true, true), ("https://user@lab.example/", true, false),
        ("https://user:pass@lab.example/", true, false), ("ftp://lab.example/", true, false), ("lab.example", true, false),
        ("https:///path", true, false), ("https://lab.example/#part", true, false), ("https://lab.example:0/", true, false),
        ("file:///etc/passwd", true, false), ("", true, false),
    ])
    func `a URL is https to a host, or http where that is allowed`(text: String, allowsPlain: Bool, isTaken: Bool) {
        #expect((WebhookURL(text, allowsPlain: allowsPlain) != nil) == isTaken)
    }
}
