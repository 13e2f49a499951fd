import ServiceKit
import Testing

struct FileDescriptorLimitTests {
    @Test func `the limit is raised as far as the system lets it, once and for all`() {
        let before = FileDescriptorLimit.current
        let raised = FileDescriptorLimit.raise()
        #expect(before > 0 && raised >= before)
        #expect(FileDescriptorLimit.current == raised && FileDescriptorLimit.raise() == raised)
    }
}
