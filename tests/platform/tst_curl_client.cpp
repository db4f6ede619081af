#include "server/platform/curl_client.h"
#include "tests/support/register_test.h"

#include <QTest>

using server::platform::isPublicAddress;

class CurlClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyPublicAddressesAreCalled_data()
    {
        QTest::addColumn<bool>("isPublic");
        for (const char *address : {"8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "192.167.1.1",
                                    "2606:4700::1", "2a00:1450:4001::1"})
            QTest::newRow(address) << true;
        for (const char *address : {"127.0.0.1",
                                    "127.9.9.9",
                                    "0.0.0.0",
                                    "10.1.2.3",
                                    "172.16.0.1",
                                    "172.31.255.255",
                                    "192.168.7.7",
                                    "100.64.0.1",
                                    "169.254.169.254",
                                    "224.0.0.1",
                                    "255.255.255.255",
                                    "198.18.0.1",
                                    "::1",
                                    "::",
                                    "::127.0.0.1",
                                    "fe80::1",
                                    "fd00:ec2::254",
                                    "ff02::1",
                                    "::ffff:10.0.0.1",
                                    "64:ff9b::a00:1",
                                    "2002:a00:1::",
                                    "2001:db8::1",
                                    "",
                                    "nonsense"})
            QTest::newRow(*address ? address : "(empty)") << false;
    }
    void onlyPublicAddressesAreCalled()
    {
        QFETCH(bool, isPublic);
        const std::string address = QTest::currentDataTag();
        QCOMPARE(isPublicAddress(address == "(empty)" ? "" : address), isPublic);
    }
};

REGISTER_TEST(CurlClientTest);
#include "tst_curl_client.moc"
