import ServiceKit
import Testing

@Suite struct NetworkAddressTests {
    @Test(arguments: ["127.0.0.1:0", "localhost:65535", "patient.internal:7000", "[::1]:7000"])
    func `an address is written as it was read`(text: String) {
        #expect(NetworkAddress(text)?.description == text)
    }

    @Test(arguments: [
        "", ":", "host", "host:", ":80", "host:80:90", "::1:80", "host:-1", "host:65536", "host:+1", "ho st:1", "[]:1", "http://host:1",
    ])
    func `anything else is no address`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }
}
