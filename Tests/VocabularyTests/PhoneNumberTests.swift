import Testing

@testable import Vocabulary

struct PhoneNumberTests {
    @Test(
        arguments: [
            ("GB", "+44 20 7946 0018", "442079460018"), ("GB", "0044 20 7946 0018", "442079460018"),
            ("GB", "+44 (0)20 7946 0018", "442079460018"), ("GB", "020 7946 0018", "442079460018"),
            ("GB", "(020) 7946-0018", "442079460018"),
            ("GB", "20 7946 0018", "442079460018"), ("GB", "442079460018", "442079460018"), ("GB", "44 020 7946 0018", "442079460018"),
            ("IN", "+44 20 7946 0018", "442079460018"), ("IN", "0044 20 7946 0018", "442079460018"),
            ("IN", "98450 12345", "919845012345"), ("IN", "098450 12345", "919845012345"), ("IN", "+91 98450-12345", "919845012345"),
            ("IN", "919845012345", "919845012345"), ("IN", "91 0 98450 12345", "919845012345"), ("IN", "0091 98450 12345", "919845012345"),
            ("IN", "442079460018", "442079460018"), ("IN", "555 0100", "915550100"),
            ("US", "(202) 555-0123", "12025550123"), ("US", "1-202-555-0123", "12025550123"), ("US", "011 44 20 7946 0018", "442079460018"),
            ("US", "0044 20 7946 0018", "442079460018"), ("US", "+1 202 555 0123", "12025550123"), ("US", "100 555 0123", "11005550123"),
            ("IT", "06 1234567", "39061234567"), ("IT", "+39 06 1234567", "39061234567"), ("GB", "+39 06 1234567", "39061234567"),
            ("CI", "07 01 02 03 04", "2250701020304"), ("GB", "+225 07 01 02 03 04", "2250701020304"),
            ("RU", "8 912 345-67-89", "79123456789"), ("RU", "+7 912 345-67-89", "79123456789"), ("RU", "912 345-67-89", "79123456789"),
            ("RU", "810 44 20 7946 0018", "442079460018"), ("KZ", "8 727 250 0000", "77272500000"),
            ("HU", "06 1 234 5678", "3612345678"), ("GB", "+36 06 1 234 5678", "3612345678"), ("JP", "010 44 20 7946 0018", "442079460018"),
            ("AU", "0011 44 20 7946 0018", "442079460018"), ("HK", "001 44 20 7946 0018", "442079460018"),
            ("HK", "0044 20 7946 0018", "442079460018"), ("ES", "612 345 678", "34612345678"), ("GB", "+999 1234 5678", "99912345678"),
            ("IN", "1234567890123", "1234567890123"), ("IN", "+٩١ ٩٨٤٥٠ ١٢٣٤٥", "919845012345"),
        ])
    func `numbers are compared with their country code and without what is dialled before them`(
        region: String, text: String, digits: String
    ) throws {
        #expect(PhoneNumber(text, in: try #require(PhoneRegion(region))).digits == digits)
    }

    @Test(
        arguments: [
            ("GB", "02079460018", true), ("GB", "0044 20 7946 0018", true), ("GB", "+442079460018", true),
            ("GB", "+44 (0) 20 79460018", true),
            ("GB", "7946 0018", true), ("GB", "0018", true), ("GB", "018", false), ("GB", "", false), ("GB", "no digits", false),
            ("GB", "0019", false), ("GB", "07946 0018", true), ("GB", "442079460018", true), ("GB", "2079460018", true),
            ("GB", "+1 2079460018", false), ("GB", "+46 0018", false), ("GB", "79460018 0", false),
            ("IN", "02079460018", true), ("IN", "0044 20 7946 0018", true), ("IN", "+44 20 7946 0018", true),
            ("IN", "+91 20 7946 0018", false),
            ("US", "02079460018", true), ("US", "011 44 20 7946 0018", true), ("IT", "02079460018", true), ("RU", "8 20 7946 0018", true),
        ])
    func `a number of London is found by all of it and by its end`(region: String, query: String, isFound: Bool) throws {
        let region = try #require(PhoneRegion(region))
        let number = PhoneNumber("+44 20 7946 0018", in: region)
        #expect(PhoneEnding(query, in: region)?.reversedRange.contains(number.reversed) ?? false == isFound)
    }

    @Test func `any last digits find a number, four at least`() throws {
        for (region, text) in [("IN", "+91 98450 00123"), ("GB", "020 7946 0018"), ("US", "202 555 0123"), ("IT", "06 1234567")] {
            let region = try #require(PhoneRegion(region))
            let number = PhoneNumber(text, in: region)
            for count in 1...number.digits.count {
                let ending = PhoneEnding(String(number.digits.suffix(count)), in: region)
                #expect((ending?.reversedRange.contains(number.reversed) ?? false) == (count >= 4), "\(text) by \(count)")
            }
        }
    }

    @Test func `two numbers of one end are two`() {
        #expect(PhoneNumber("+91 20 7946 0018", in: .india) != PhoneNumber("+44 20 7946 0018", in: .india))
    }

    @Test func `regions are those of ISO 3166, in capital letters`() {
        for code in ["IN", "GB", "US", "NP", "LK", "BD", "PK", "AE", "AQ", "XK", "IM", "ZW"] { #expect(PhoneRegion(code)?.code == code) }
        for code in ["", "in", "I", "IND", "UK", "ZZ", "91", "EU"] { #expect(PhoneRegion(code) == nil) }
        #expect(PhoneRegion("IN") == .india)
    }

    @Test func `no country code is the beginning of another, and every region is in the table once`() {
        let lines = NumberingPlan.table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let codes = lines.map { $0[0] } + NumberingPlan.codesWithoutRegion
        #expect(Set(codes).count == codes.count)
        for code in codes { #expect(!codes.contains { $0 != code && $0.hasPrefix(code) }, "\(code)") }
        let regions = lines.flatMap { $0.dropFirst(3) }
        #expect(Set(regions).count == regions.count)
        #expect(regions.count == 252)
        #expect(lines.allSatisfy { ($0[1] == "-" || $0[1].allSatisfy(\.isNumber)) && (Int($0[2]).map { 4...12 ~= $0 } ?? false) })
    }

    @Test func `a recipe names the country and the version`() {
        let recipe = TextRecipe(region: .india)
        #expect(TextRecipe(recipe.description) == recipe)
        for other in ["", "IN", "folding 1, phones 1, region IN", "folding 2, phones 1, region ZZ"] { #expect(TextRecipe(other) == nil) }
    }
}
