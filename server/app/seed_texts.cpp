#include "server/app/seed_texts.h"

#include <array>

namespace server::app {

namespace {

using Texts = std::string_view[];

constexpr Texts enNames = {"Grace Miller", "Owen Clarke", "Priya Shah",
                           "Tom O'Neill",  "Zoe Bennett", "Marcus Reed"};
constexpr Texts enOpeners = {
    "Hi, my order has not arrived yet. The tracking page has said \"in transit\" for six days.",
    "Hello! Can I change the delivery address after I have paid?",
    "The app signs me out every morning. Is that on purpose?",
    "I was charged twice for the same month. Could you look into it?",
    "Does the annual plan include support on weekends?"};
constexpr Texts enDetails = {"The order number is 48213.",
                             "I tried it in two browsers and on my phone.",
                             "It worked fine until last Tuesday.",
                             "I have attached a screenshot.",
                             "There is no hurry, but I would like to understand it.",
                             "The page says: \"Something went wrong, please try again later.\""};
constexpr Texts enReplies = {
    "Thanks for writing in. I am looking at your account now.",
    "That should not happen, sorry about that. Could you tell me which version you use?",
    "I have asked our carrier and will come back to you today.",
    "I have just refunded the second payment. It takes three to five days to show."};
constexpr Texts enClosings = {"Perfect, thank you so much!", "That fixed it. Have a nice day.", "ok",
                              "Great, thanks."};

constexpr Texts deNames = {"Jürgen Groß", "Anneke Weiß", "Felix Schröder", "Käthe Müller"};
constexpr Texts deOpeners = {
    "Guten Tag, meine Rechnung vom März fehlt im Kundenbereich. Können Sie mir die schicken?",
    "Hallo, ich komme nicht mehr in mein Konto. Der Link zum Zurücksetzen ist abgelaufen.",
    "Wird das Zubehör auch nach Österreich geliefert?"};
constexpr Texts deDetails = {"Die Kundennummer ist 20417.", "Gestern hat es noch funktioniert.",
                             "Ich habe es auf zwei Geräten ausprobiert.",
                             "Im Anhang finden Sie ein Bild davon."};
constexpr Texts deReplies = {"Vielen Dank für Ihre Nachricht, ich sehe mir das gleich an.",
                             "Ich habe Ihnen einen neuen Link geschickt. Er gilt 24 Stunden.",
                             "Das tut mir leid. Können Sie mir sagen, welche Fehlermeldung erscheint?"};
constexpr Texts deClosings = {"Wunderbar, herzlichen Dank!", "Hat geklappt, danke.", "Alles klar."};

constexpr Texts frNames = {"Élodie Lefèvre", "Benoît Garçon", "Chloé Durand"};
constexpr Texts frOpeners = {"Bonjour, mon colis est arrivé ouvert et il manque une pièce.",
                             "Est-il possible de résilier mon abonnement avant la fin du mois ?",
                             "Le paiement par carte est refusé depuis ce matin."};
constexpr Texts frDetails = {"J'ai déjà vidé le cache du navigateur.", "Le numéro de commande est le 77120.",
                             "Ma collègue a le même problème.", "Je vous joins une capture d'écran."};
constexpr Texts frReplies = {"Merci de nous avoir écrit, je vérifie tout de suite.",
                             "Nous vous renvoyons la pièce dès demain, sans frais.",
                             "Pouvez-vous me préciser l'heure à laquelle cela s'est produit ?"};
constexpr Texts frClosings = {"Parfait, merci beaucoup !", "C'est réglé, bonne journée.", "D'accord."};

constexpr Texts esNames = {"Íñigo Muñoz", "Lucía Peña", "Andrés Gutiérrez"};
constexpr Texts esOpeners = {"Hola, ¿cuándo vuelve a haber existencias de la talla M?",
                             "No recibo los correos de confirmación. ¿Pueden revisarlo?",
                             "Quiero cambiar mi plan, pero el botón no hace nada."};
constexpr Texts esDetails = {"Lo he probado también desde el móvil.", "Mi pedido es el 90331.",
                             "Empezó la semana pasada, después de la actualización.",
                             "Le adjunto una imagen."};
constexpr Texts esReplies = {"Gracias por avisarnos, lo estoy mirando ahora mismo.",
                             "Ya está corregido. ¿Podría volver a intentarlo?",
                             "Le avisaremos por correo en cuanto llegue."};
constexpr Texts esClosings = {"¡Muchísimas gracias!", "Ya funciona, saludos.", "Vale."};

constexpr Texts ptNames = {"João Conceição", "Inês Simões", "Antônio Araújo"};
constexpr Texts ptOpeners = {"Olá, não consigo enviar o formulário de devolução.",
                             "O meu reembolso ainda não apareceu na conta.", "Vocês entregam nos Açores?"};
constexpr Texts ptDetails = {"A encomenda é a 55102.", "Já reiniciei a aplicação várias vezes.",
                             "Aparece uma mensagem de erro a vermelho."};
constexpr Texts ptReplies = {"Obrigado pela mensagem, vou verificar já.",
                             "O reembolso foi emitido hoje de manhã.",
                             "Pode enviar-me uma captura do ecrã, por favor?"};
constexpr Texts ptClosings = {"Muito obrigado!", "Resolvido, até à próxima.", "Certo."};

constexpr Texts plNames = {"Łukasz Żółkiewski", "Małgorzata Świątek", "Zbigniew Dąbrowski"};
constexpr Texts plOpeners = {"Dzień dobry, faktura ma zły adres firmy. Czy można ją poprawić?",
                             "Nie mogę dodać drugiej osoby do zespołu.",
                             "Kiedy zostanie wysłane moje zamówienie?"};
constexpr Texts plDetails = {"Numer zamówienia to 31877.", "Wczoraj wszystko działało poprawnie.",
                             "Próbowałem w trybie prywatnym przeglądarki."};
constexpr Texts plReplies = {"Dziękuję za wiadomość, już sprawdzam.",
                             "Poprawiona faktura jest w Pana skrzynce.",
                             "Przepraszamy za kłopot, naprawimy to dzisiaj."};
constexpr Texts plClosings = {"Bardzo dziękuję!", "Działa, miłego dnia.", "Jasne."};

constexpr Texts trNames = {"Çağla Şahin", "Oğuz Yıldırım", "İpek Güneş"};
constexpr Texts trOpeners = {"Merhaba, siparişim hâlâ hazırlanıyor görünüyor. Ne zaman kargoya verilir?",
                             "Şifremi değiştirdim ama eski cihazlarda oturum açık kaldı."};
constexpr Texts trDetails = {"Sipariş numarası 66450.", "Telefonumda da aynı sorun var.",
                             "Ekran görüntüsünü ekledim."};
constexpr Texts trReplies = {"Yazdığınız için teşekkürler, hemen bakıyorum.",
                             "Siparişiniz bugün yola çıkıyor."};
constexpr Texts trClosings = {"Çok teşekkür ederim!", "Oldu, iyi günler."};

constexpr Texts ruNames = {"Екатерина Соколова", "Дмитрий Орлов", "Алёна Кузнецова"};
constexpr Texts ruOpeners = {"Здравствуйте, приложение не открывается после обновления.",
                             "Можно ли вернуть товар, если упаковка уже открыта?",
                             "Не приходит код подтверждения."};
constexpr Texts ruDetails = {"Номер заказа 81264.", "Пробовала переустановить, не помогло.",
                             "На другом компьютере всё работает."};
constexpr Texts ruReplies = {"Спасибо за сообщение, сейчас проверю.", "Мы отправили вам новый код.",
                             "Подскажите, пожалуйста, какая у вас версия системы?"};
constexpr Texts ruClosings = {"Большое спасибо!", "Заработало, хорошего дня.", "Понятно."};

constexpr Texts elNames = {"Ελένη Παπαδοπούλου", "Γιώργος Νικολάου"};
constexpr Texts elOpeners = {"Καλησπέρα, δεν μπορώ να κατεβάσω το τιμολόγιό μου.",
                             "Γίνεται να αλλάξω το χρώμα της παραγγελίας;"};
constexpr Texts elDetails = {"Ο αριθμός παραγγελίας είναι 11904.", "Το δοκίμασα και από το κινητό."};
constexpr Texts elReplies = {"Ευχαριστώ για το μήνυμα, το κοιτάζω αμέσως.", "Σας το έστειλα μόλις τώρα."};
constexpr Texts elClosings = {"Ευχαριστώ πολύ!", "Εντάξει, καλή συνέχεια."};

constexpr Texts arNames = {"ليلى الحسن", "عمر الفاروق", "نور الدين"};
constexpr Texts arOpeners = {"مرحبًا، لم يصلني الطلب رقم 4821 حتى الآن، هل يمكنكم التحقق من ذلك؟",
                             "هل يمكنني تغيير عنوان التوصيل بعد الدفع؟",
                             "تظهر لي رسالة خطأ عند تسجيل الدخول."};
constexpr Texts arDetails = {"جربت ذلك من الهاتف والحاسوب.", "رقم الفاتورة هو INV-2207.",
                             "كان كل شيء يعمل حتى الأسبوع الماضي."};
constexpr Texts arReplies = {"شكرًا لتواصلك معنا، سأتحقق من الأمر حالًا.", "تم إرسال الطلب اليوم وسيصلك غدًا.",
                             "هل يمكنك إرسال صورة للشاشة؟"};
constexpr Texts arClosings = {"شكرًا جزيلًا!", "تم حل المشكلة، يومك سعيد.", "حسنًا."};

constexpr Texts heNames = {"נועה כהן", "יואב לוי"};
constexpr Texts heOpeners = {"שלום, החשבונית שקיבלתי שגויה. אפשר לתקן אותה?", "איך מבטלים את המינוי השנתי?"};
constexpr Texts heDetails = {"מספר ההזמנה הוא 70915.", "ניסיתי גם בדפדפן Firefox."};
constexpr Texts heReplies = {"תודה שפנית אלינו, אני בודקת עכשיו.", "שלחתי חשבונית מתוקנת לכתובת שלך."};
constexpr Texts heClosings = {"תודה רבה!", "מעולה, יום טוב."};

constexpr Texts faNames = {"مریم کریمی", "آرش رضایی"};
constexpr Texts faOpeners = {"سلام، پرداخت من انجام شد ولی سفارش ثبت نشده است.",
                             "آیا پشتیبانی در روز جمعه هم فعال است؟"};
constexpr Texts faDetails = {"شماره پیگیری ۵۵۸۱۲ است.", "با مرورگر دیگری هم امتحان کردم."};
constexpr Texts faReplies = {"ممنون از پیام شما، الان بررسی می‌کنم.",
                             "سفارش شما ثبت شد و فردا ارسال می‌شود."};
constexpr Texts faClosings = {"خیلی ممنون!", "درست شد، سپاس."};

constexpr Texts hiNames = {"अनन्या शर्मा", "रोहन वर्मा"};
constexpr Texts hiOpeners = {"नमस्ते, मेरा ऑर्डर दो दिन से अटका हुआ है।", "क्या मैं ईएमआई में भुगतान कर सकता हूँ?"};
constexpr Texts hiDetails = {"ऑर्डर संख्या 23390 है।", "मैंने ऐप दोबारा इंस्टॉल करके देखा।"};
constexpr Texts hiReplies = {"संपर्क करने के लिए धन्यवाद, मैं अभी देखता हूँ।", "आपका ऑर्डर आज भेज दिया जाएगा।"};
constexpr Texts hiClosings = {"बहुत धन्यवाद!", "ठीक है।"};

constexpr Texts zhNames = {"李晓明", "王芳", "陈思远"};
constexpr Texts zhOpeners = {"你好，我的包裹显示已签收，但我没有收到。", "请问发票可以改成公司抬头吗？",
                             "登录后页面一直是空白的。"};
constexpr Texts zhDetails = {"订单号是 60718。", "换了浏览器也一样。",
                             "昨天还是正常的，今天早上开始出现问题。"};
constexpr Texts zhReplies = {"您好，感谢您的反馈，我马上为您查询。", "已经为您重新开具发票，请查收邮件。",
                             "请问您方便提供一张截图吗？"};
constexpr Texts zhClosings = {"太好了，谢谢！", "已经解决了。", "好的"};

constexpr Texts jaNames = {"佐藤 美咲", "鈴木 健太"};
constexpr Texts jaOpeners = {"お世話になっております。請求書の宛名を変更していただけますか。",
                             "アプリを更新してから通知が届かなくなりました。",
                             "返品の方法を教えてください。"};
constexpr Texts jaDetails = {"注文番号は 92044 です。", "別の端末でも試しましたが同じでした。",
                             "急ぎではありません。"};
constexpr Texts jaReplies = {"お問い合わせありがとうございます。すぐに確認いたします。",
                             "ご不便をおかけして申し訳ございません。修正いたしました。"};
constexpr Texts jaClosings = {"ありがとうございました！", "解決しました。", "了解です"};

constexpr Texts koNames = {"김민지", "박서준"};
constexpr Texts koOpeners = {"안녕하세요, 결제는 됐는데 주문 내역이 안 보여요.",
                             "배송지를 변경할 수 있을까요?"};
constexpr Texts koDetails = {"주문 번호는 37718입니다.", "휴대폰에서도 같은 문제가 있어요."};
constexpr Texts koReplies = {"문의해 주셔서 감사합니다. 바로 확인하겠습니다.", "주소를 변경해 드렸습니다."};
constexpr Texts koClosings = {"정말 감사합니다!", "해결됐어요."};

constexpr Texts thNames = {"สมชาย ใจดี", "พิมพ์ชนก ศรีสุข"};
constexpr Texts thOpeners = {"สวัสดีค่ะ ยังไม่ได้รับสินค้าที่สั่งไปเมื่อวันจันทร์", "ขอใบกำกับภาษีย้อนหลังได้ไหมครับ"};
constexpr Texts thDetails = {"หมายเลขคำสั่งซื้อ 44820", "ลองเปิดในคอมพิวเตอร์แล้วก็ยังไม่ได้"};
constexpr Texts thReplies = {"ขอบคุณที่ติดต่อมาค่ะ กำลังตรวจสอบให้นะคะ", "ส่งให้ทางอีเมลเรียบร้อยแล้วค่ะ"};
constexpr Texts thClosings = {"ขอบคุณมากค่ะ", "เรียบร้อยแล้วครับ"};

constexpr Texts viNames = {"Nguyễn Thị Hằng", "Trần Quốc Bảo"};
constexpr Texts viOpeners = {"Chào bạn, mình chưa nhận được mã giảm giá đã đăng ký.",
                             "Sản phẩm bị trầy xước, mình muốn đổi cái khác."};
constexpr Texts viDetails = {"Mã đơn hàng là 58211.", "Mình đã thử tải lại trang nhiều lần."};
constexpr Texts viReplies = {"Cảm ơn bạn đã nhắn tin, mình kiểm tra ngay nhé.",
                             "Bên mình sẽ gửi sản phẩm mới vào ngày mai."};
constexpr Texts viClosings = {"Cảm ơn nhiều!", "Được rồi, chúc bạn một ngày vui."};

constexpr std::array<Tongue, 18> all{{{"en", enNames, enOpeners, enDetails, enReplies, enClosings},
                                      {"de", deNames, deOpeners, deDetails, deReplies, deClosings},
                                      {"fr", frNames, frOpeners, frDetails, frReplies, frClosings},
                                      {"es", esNames, esOpeners, esDetails, esReplies, esClosings},
                                      {"pt", ptNames, ptOpeners, ptDetails, ptReplies, ptClosings},
                                      {"pl", plNames, plOpeners, plDetails, plReplies, plClosings},
                                      {"tr", trNames, trOpeners, trDetails, trReplies, trClosings},
                                      {"ru", ruNames, ruOpeners, ruDetails, ruReplies, ruClosings},
                                      {"el", elNames, elOpeners, elDetails, elReplies, elClosings},
                                      {"ar", arNames, arOpeners, arDetails, arReplies, arClosings},
                                      {"he", heNames, heOpeners, heDetails, heReplies, heClosings},
                                      {"fa", faNames, faOpeners, faDetails, faReplies, faClosings},
                                      {"hi", hiNames, hiOpeners, hiDetails, hiReplies, hiClosings},
                                      {"zh", zhNames, zhOpeners, zhDetails, zhReplies, zhClosings},
                                      {"ja", jaNames, jaOpeners, jaDetails, jaReplies, jaClosings},
                                      {"ko", koNames, koOpeners, koDetails, koReplies, koClosings},
                                      {"th", thNames, thOpeners, thDetails, thReplies, thClosings},
                                      {"vi", viNames, viOpeners, viDetails, viReplies, viClosings}}};

constexpr Texts faces = {
    "👍", "🙏", "😊", "🎉", "❤️", "😅", "👀", "👨‍👩‍👧", "🇩🇪", "🤷🏽‍♀️"};

} // namespace

std::span<const Tongue> tongues()
{
    return all;
}

std::span<const std::string_view> emoji()
{
    return faces;
}

} // namespace server::app
