// The floor for a desktop program: one Qt window with a label. Prints when it was first painted, then stays.
#include <QApplication>
#include <QLabel>
#include <QPaintEvent>

#include <cstdio>

namespace {

class Hello : public QLabel {
public:
    using QLabel::QLabel;

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QLabel::paintEvent(event);
        if (!m_painted) {
            std::puts("painted");
            std::fflush(stdout);
        }
        m_painted = true;
    }

private:
    bool m_painted = false;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application{argc, argv};
    Hello window{QStringLiteral("Hello")};
    window.resize(1440, 900);
    window.show();
    return QApplication::exec();
}
