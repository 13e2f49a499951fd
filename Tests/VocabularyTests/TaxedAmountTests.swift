import Testing
import Vocabulary

struct TaxedAmountTests {
    @Test(
        arguments: [
            (1, 0, 1), (9, 0, 9), (10, 1, 11), (11, 1, 12), (29, 1, 30), (30, 2, 32), (49, 2, 51), (50, 3, 53), (99, 5, 104),
            (100, 5, 105), (109, 5, 114), (110, 6, 116), (50_000, 2_500, 52_500), (999_999_999_989, 49_999_999_999, 1_049_999_999_988),
            (999_999_999_990, 50_000_000_000, 1_049_999_999_990), (1_000_000_000_000, 50_000_000_000, 1_050_000_000_000),
        ] as [(Int64, Int64, Int64)])
    func `billing rule 2: tax is 5 percent, half up, once per bill, and the amount is subtotal plus tax`(
        subtotal: Int64, tax: Int64, amount: Int64
    ) throws {
        let taxed = try #require(TaxedAmount(subtotal: subtotal))
        #expect(taxed.subtotal == subtotal && taxed.tax == tax && taxed.amount == amount)
        #expect(taxed.tax == (subtotal * 5 + 50) / 100)
    }

    @Test(
        arguments: [
            (.min, false), (-1, false), (0, false), (1, true), (1_000_000_000_000, true), (1_000_000_000_001, false), (.max, false),
        ] as [(Int64, Bool)])
    func `billing rule 1: a subtotal is from 1 to 10¹²`(subtotal: Int64, isOne: Bool) {
        #expect((TaxedAmount(subtotal: subtotal) != nil) == isOne)
    }

    @Test(
        arguments: [
            (1, 50, 1), (2, 50, 1), (3, 50, 2), (50_001, 50, 25_001), (99, 50, 50), (101, 50, 51), (50_000, 50, 25_000),
            (999_999_999_999, 50, 500_000_000_000), (1_000_000_000_000, 50, 500_000_000_000), (7, 100, 7),
            (1_000_000_000_000, 100, 1_000_000_000_000),
            (7, 0, 0), (0, 50, 0),
        ] as [(Int64, Int, Int64)])
    func `billing rule 2: a percentage of the fee is rounded half up, before tax`(fee: Int64, percent: Int, kept: Int64) {
        #expect(fee.percent(percent) == kept)
    }

    @Test(arguments: [0, 1, 5, 33, 50, 99, 100])
    func `no amount overflows, whatever the percentage`(percent: Int) {
        for amount in [0, 1, 49, 50, 51, 99, 100, 101, 1_000_000_000_000, .max] as [Int64] {
            let (high, low) = amount.multipliedFullWidth(by: Int64(percent))
            let (sum, carry) = low.addingReportingOverflow(50)
            let exact = Int64(100).dividingFullWidth((high + (carry ? 1 : 0), sum)).quotient
            #expect(amount.percent(percent) == exact)
        }
    }
}
