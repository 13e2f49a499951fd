import FieldChecks
import Testing
import Vocabulary

/// The checks of fields and the folding of texts are two rooms that know nothing of each other.
struct SeenTextTests {
    @Test func `what takes no place for the checks takes none for the folding`() {
        let different = (UInt32(0)...0xE0FFF).compactMap(Unicode.Scalar.init).filter { $0.takesNoPlace != $0.isInvisible }
        #expect(different.isEmpty)
    }
}
