import Testing

@testable import Reconciling

@Suite struct PaymentReferenceTests {
    @Test func isReadAsItIsWritten() throws {
        let written = try #require(PaymentReference(tenant: tenant, entry: 12_345))
        #expect(written.description.utf8.count == 26)
        #expect(PaymentReference(written.description) == written)
        #expect(written.isOf(tenant: tenant) && !written.isOf(tenant: "qingdao"))
        #expect(written.entry == 12_345)
    }

    @Test func hasNoRoomForOtherEntries() {
        #expect(PaymentReference(tenant: tenant, entry: 0) == nil)
        #expect(PaymentReference(tenant: tenant, entry: PaymentReference.mostEntry) != nil)
        #expect(PaymentReference(tenant: tenant, entry: PaymentReference.mostEntry + 1) == nil)
    }

    @Test func aChangedDigitIsNoReference() {
        let text = reference(12_345)
        for place in text.indices where text[place].isNumber {
            for digit in "0123456789" where digit != text[place] {
                var changed = text
                changed.replaceSubrange(place...place, with: String(digit))
                #expect(PaymentReference(changed) == nil)
            }
        }
    }

    @Test func eachIsFoundOnceInTheOrderOfTheText() {
        let text = "x\(reference(3))y \(reference(1).lowercased())/\(reference(3))"
        #expect(PaymentReference.found(in: text).map(\.entry) == [3, 1])
    }

    @Test func moreThanThreeSeparatorsEndIt() {
        let text = reference(5)
        #expect(PaymentReference.found(in: text.replacing("-", with: " / ")).count == 1)
        #expect(PaymentReference.found(in: text.replacing("-", with: " // ")).isEmpty)
    }
}
