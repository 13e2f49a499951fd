import Testing
import Vocabulary

struct ContactsTests {
    @Test(
        arguments: [
            (nil, nil, nil, nil, false, false), ("a@x.org", nil, nil, nil, false, false), ("a@x.org", nil, nil, "5550100", false, false),
            ("a@x.org", nil, "a@x.org", nil, true, false), ("A@X.org", nil, "a@x.ORG", nil, true, false),
            ("a@x.org", nil, "b@x.org", nil, false, true), (nil, "555 0100", nil, "5550100", true, false),
            (nil, "5550100", nil, "5550101", false, true), ("a@x.org", "5550100", "a@x.org", "5550101", true, true),
            ("a@x.org", "5550100", "a@x.org", nil, true, false), ("a@x.org", "5550100", "b@x.org", nil, false, true),
        ] as [(String?, String?, String?, String?, Bool, Bool)])
    func `contacts agree where one is the same, and contradict where one is another`(
        email: String?, phone: String?, otherEmail: String?, otherPhone: String?, agree: Bool, contradict: Bool
    ) {
        let one = Contacts(email: email, phone: phone, in: .india)
        let other = Contacts(email: otherEmail, phone: otherPhone, in: .india)
        #expect(one.agree(with: other) == agree && other.agree(with: one) == agree)
        #expect(one.contradict(other) == contradict && other.contradict(one) == contradict)
    }
}
