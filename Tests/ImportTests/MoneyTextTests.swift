import SeededRandom
import Testing

@testable import Import

@Suite struct MoneyTextTests {
    @Test(arguments: [
        ("250", "INR", 25_000), ("2.50", "INR", 250), ("2.5", "INR", 250), ("0.05", "INR", 5), ("0", "INR", 0), ("129.16", "USD", 12_916),
        ("1,250.00", "INR", 125_000), ("₹1,250.00", "INR", 125_000), ("₹ 1,25,000", "INR", 12_500_000), ("1,25,000.50", "INR", 12_500_050),
        ("1,250", "INR", 125_000), ("1,234,567.89", "USD", 123_456_789), ("1'250.00", "CHF", 125_000), ("1 250.00", "EUR", 125_000),
        ("1\u{202F}250", "EUR", 125_000), ("Rs. 500", "INR", 50_000), ("Rs 500.5", "INR", 50_050), ("500 INR", "INR", 50_000),
        ("inr 500", "INR", 50_000), ("$77.49", "USD", 7_749), ("77.49 €", "EUR", 7_749), ("£12", "GBP", 1_200), ("US$5", "USD", 500),
        ("250", "JPY", 250), ("¥1,250", "JPY", 1_250), ("2.500", "KWD", 2_500), ("1,250.000", "KWD", 1_250_000), ("7", "KWD", 7_000),
        ("92233720368547758.07", "INR", Int64.max), ("9999999999.99", "INR", 999_999_999_999),
    ])
    func `an amount in major units keeps every digit`(text: String, currency: String, minorUnits: Int64) throws {
        #expect(try MoneyText(unit: .major, currency: currency).minorUnits(text) == minorUnits)
    }

    @Test(arguments: [("250", 250), ("1,250", 1_250), ("₹ 50000", 50_000), ("0", 0), ("1,25,000", 125_000)])
    func `an amount in minor units is what it says`(text: String, minorUnits: Int64) throws {
        #expect(try MoneyText(unit: .minor, currency: "INR").minorUnits(text) == minorUnits)
    }

    @Test(arguments: [
        ("1.250,00", "EUR", 125_000), ("250,00", "EUR", 25_000), ("2,5", "EUR", 250), ("1.250", "EUR", 125_000),
        ("€ 1.250.000,99", "EUR", 125_000_099),
        ("250", "EUR", 25_000),
    ])
    func `a comma may stand before the decimals where that was said`(text: String, currency: String, minorUnits: Int64) throws {
        #expect(try MoneyText(unit: .major, currency: currency, decimalSeparator: ",").minorUnits(text) == minorUnits)
    }

    private static let otherWay = "is an amount in which “.” stands before no decimals: where “,” does, say --decimal-separator ,"

    @Test(arguments: [
        ("1.250,00", "INR", otherWay), ("250,00", "INR", otherWay), ("2,5", "INR", otherWay), ("1,2500", "INR", otherWay),
        ("12,34,56", "INR", otherWay), (",250", "INR", otherWay), ("1250,000", "INR", otherWay), ("1,,250", "INR", otherWay),
        ("1,250", "KWD", "could mean two amounts: write it without a separator of thousands"),
        ("2.505", "INR", "has 3 decimals, but INR has 2"), ("49112.87100000001", "USD", "has 11 decimals, but USD has 2"),
        ("250.0", "JPY", "has 1 decimals, but JPY has none"), ("2.5000", "KWD", "has 4 decimals, but KWD has 3"),
        ("-250", "INR", "is a negative amount"), ("−250", "INR", "is a negative amount"), ("(250)", "INR", "is a negative amount"),
        ("$250", "INR", "is in $, but the hospital counts in INR"), ("250 USD", "INR", "is in USD, but the hospital counts in INR"),
        ("₹250", "USD", "is in ₹, but the hospital counts in USD"), ("€250", "USD", "is in €, but the hospital counts in USD"),
        ("1.2.3", "INR", "has two decimal separators"), ("92233720368547758.08", "INR", "is larger than any amount of money here"),
        ("2.", "INR", "is no amount of money"), (".", "INR", "is no amount of money"), ("free", "INR", "is no amount of money"),
        ("1e5", "INR", "is no amount of money"), ("2.5x", "INR", "is no amount of money"), ("1_250", "INR", "is no amount of money"),
        ("1,250'000", "INR", "is no amount of money"), ("٢٥٠", "INR", "is no amount of money"),
    ])
    func `what could mean another amount is refused in words`(text: String, currency: String, reason: String) {
        let problem = #expect(throws: ValueProblem.self) { try MoneyText(unit: .major, currency: currency).minorUnits(text) }
        #expect(problem?.reason == reason)
    }

    @Test func `minor units have no decimals`() {
        let problem = #expect(throws: ValueProblem.self) { try MoneyText(unit: .minor, currency: "INR").minorUnits("2.50") }
        #expect(problem?.reason == "has 2 decimals, but minor units have none")
    }

    @Test(arguments: 0..<30)
    func `any amount comes back from its own text`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let currency = ["INR", "JPY", "KWD", "EUR"].randomElement(using: &random) ?? "INR"
        let digits = MoneyText.minorDigits(of: currency)
        let amount = Int64.random(in: 1...1_000_000_000_000, using: &random)
        let text = "\(amount)"
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let written = digits == 0 ? padded : "\(padded.dropLast(digits)).\(padded.suffix(digits))"
        #expect(try MoneyText(unit: .major, currency: currency).minorUnits(written) == amount)
        #expect(try MoneyText(unit: .minor, currency: currency).minorUnits(text) == amount)
    }
}
