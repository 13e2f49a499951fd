import Foundation
import Testing

@testable import ServiceKit

@Suite struct InheritedDescriptorsTests {
    @Test func `what is named is found, and goes no further`() throws {
        let descriptor = dup(STDERR_FILENO)
        defer { close(descriptor) }
        let inherited = try InheritedDescriptors(environment: ["HMS_DESCRIPTORS": "rpc=\(descriptor)"])
        #expect(inherited[.rpc] == descriptor)
        #expect(inherited[.http] == nil)
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(!inherited.isSupervised)
    }

    @Test func `a process that is started alone inherits nothing`() throws {
        #expect(try InheritedDescriptors(environment: [:])[.rpc] == nil)
        #expect(try InheritedDescriptors(environment: ["HMS_DESCRIPTORS": ""])[.rpc] == nil)
    }

    @Test(arguments: ["rpc", "rpc=", "rpc=x", "rpc=1", "rpc=-1", "rpc=99999", "door=2", "=3", "rpc=3=4"])
    func `what is not open stops the start`(text: String) {
        #expect(throws: ConfigurationError.self) { try InheritedDescriptors(environment: ["HMS_DESCRIPTORS": text]) }
    }

    @Test func `the names are written as they are read`() {
        #expect(InheritedDescriptors.text([(.progress, 3), (.lock, 4)]) == "progress=3,lock=4")
    }
}
