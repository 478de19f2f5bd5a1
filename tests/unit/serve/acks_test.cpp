#include "serve_fixture.h"

/// Named consumers: acknowledgements, resuming, take-over.
namespace newswire::serve {
namespace {

const std::string kMail = R"({"op":"subscribe","consumer":"mail"})";
const std::string kMailConfirm = R"({"op":"subscribe","consumer":"mail","ack":"confirm"})";

class AckTest : public ServeTest {
 protected:
  Seq position() {
    return loop.run([this] { return acks.positions.count("mail") > 0 ? acks.positions["mail"] : Seq{9999}; });
  }
};

TEST_F(AckTest, AConsumerResumesBehindWhatItAcknowledged) {
  start();
  auto first = subscribe(kMailConfirm);
  for (int i = 0; i < 3; ++i) publish();
  EXPECT_EQ(seq_of(*first.line()), 1U);
  EXPECT_EQ(seq_of(*first.line()), 2U);
  EXPECT_EQ(seq_of(*first.line()), 3U);
  first.send("{\"op\":\"ack\",\"seq\":2}\n");
  EXPECT_EQ(first.line(), "{\"op\":\"acked\",\"seq\":2}");
  EXPECT_EQ(position(), Seq{2});
  first.close();
  publish();
  auto second = connect();
  second.send(kMail + "\n");
  EXPECT_EQ(second.line(), "{\"op\":\"subscribed\",\"from\":3}");
  EXPECT_EQ(seq_of(*second.line()), 3U);  // again, since it was not acknowledged
  EXPECT_EQ(seq_of(*second.line()), 4U);
}

TEST_F(AckTest, ANameSeenFirstStartsNowAndLosesNothingFromThenOn) {
  start();
  publish();
  {
    auto client = subscribe(kMail);
    EXPECT_EQ(position(), Seq{1});  // recorded before the subscription was answered
  }
  publish();
  auto again = connect();
  again.send(kMail + "\n");
  EXPECT_EQ(again.line(), "{\"op\":\"subscribed\",\"from\":2}");
}

TEST_F(AckTest, AConfirmationWaitsForTheDisk) {
  start();
  auto client = subscribe(kMailConfirm);
  publish();
  client.line();
  loop.run([this] { acks.held = true; });
  client.send("{\"op\":\"ack\",\"seq\":1}\n{\"op\":\"ping\"}\n");
  EXPECT_EQ(client.line(), "{\"op\":\"ping\",\"seq\":1}");  // the stream is not held up
  EXPECT_TRUE(client.silent());
  loop.run([this] { acks.release(); });
  EXPECT_EQ(client.line(), "{\"op\":\"acked\",\"seq\":1}");
}

TEST_F(AckTest, WhileTheDiskIsSlowOnlyTheNewestIsStored) {
  start();
  auto client = subscribe(kMailConfirm);
  for (int i = 0; i < 5; ++i) publish();
  client.lines(5);
  loop.run([this] { acks.held = true; });
  for (int i = 1; i <= 5; ++i) client.send("{\"op\":\"ack\",\"seq\":" + std::to_string(i) + "}\n");
  client.send("{\"op\":\"ping\"}\n");
  client.line();  // all are read
  loop.run([this] { acks.release(); });
  EXPECT_EQ(client.line(), "{\"op\":\"acked\",\"seq\":1}");
  EXPECT_EQ(client.line(), "{\"op\":\"acked\",\"seq\":5}");
}

TEST_F(AckTest, PositionsNeverGoBack) {
  start();
  auto client = subscribe(kMailConfirm);
  for (int i = 0; i < 3; ++i) publish();
  client.lines(3);
  client.send("{\"op\":\"ack\",\"seq\":3}\n");
  EXPECT_EQ(client.line(), "{\"op\":\"acked\",\"seq\":3}");
  client.send("{\"op\":\"ack\",\"seq\":1}\n");
  EXPECT_EQ(client.line(), "{\"op\":\"acked\",\"seq\":3}");
  EXPECT_EQ(position(), Seq{3});
}

TEST_F(AckTest, AnAckBeyondWhatWasSentIsAnError) {
  start();
  auto client = subscribe(kMail);
  publish();
  client.line();
  client.send("{\"op\":\"ack\",\"seq\":2}\n");
  EXPECT_NE(client.line()->find(R"("code":"ack_beyond_sent")"), std::string::npos);
  EXPECT_EQ(position(), Seq{0});
}

TEST_F(AckTest, ALineThatIsOnlyPartlySentCannotBeAcknowledged) {
  start();
  auto client = subscribe(kMail);
  publish();
  publish("sun", "world", 1'000'000);
  client.line();
  client.send("{\"op\":\"ack\",\"seq\":2}\n");
  EXPECT_EQ(seq_of(*client.line()), 2U);
  EXPECT_NE(client.line()->find(R"("code":"ack_beyond_sent")"), std::string::npos);
}

TEST_F(AckTest, WhatAFilterLeftOutMayBeAcknowledgedWithAPingsNumber) {
  start();
  auto client = subscribe(R"({"op":"subscribe","consumer":"mail","feeds":["sun"],"ack":"confirm"})");
  publish("moon");
  publish("moon");
  client.send("{\"op\":\"ping\"}\n");
  EXPECT_EQ(client.line(), "{\"op\":\"ping\",\"seq\":2}");
  client.send("{\"op\":\"ack\",\"seq\":2}\n");
  EXPECT_EQ(client.line(), "{\"op\":\"acked\",\"seq\":2}");
}

TEST_F(AckTest, AnAckWithoutAConsumerIsAnError) {
  start();
  auto client = subscribe(R"({"op":"subscribe"})");
  client.send("{\"op\":\"ack\",\"seq\":1}\n");
  EXPECT_NE(client.line()->find(R"("code":"no_consumer")"), std::string::npos);
}

TEST_F(AckTest, AnAckCountsThoughItsSenderHungUpWithoutReading) {
  start();
  auto client = subscribe(kMail);
  publish();
  client.line();
  publish("sun", "world", 1'000'000);  // stays unread: the connection breaks on our side
  client.send("{\"op\":\"ack\",\"seq\":1}\n");
  client.close();
  EXPECT_TRUE(eventually([this] { return position() == Seq{1}; }));
}

TEST_F(AckTest, ADiskThatFailsIsToldAndThePositionStays) {
  start();
  auto client = subscribe(kMailConfirm);
  publish();
  client.line();
  loop.run([this] { acks.failure = Error{Errc::no_space, "disk full"}; });
  client.send("{\"op\":\"ack\",\"seq\":1}\n");
  EXPECT_NE(client.line()->find(R"("code":"io")"), std::string::npos);
  EXPECT_EQ(position(), Seq{0});
  loop.run([this] { acks.failure.reset(); });
  client.send("{\"op\":\"ack\",\"seq\":1}\n");
  EXPECT_EQ(client.line(), "{\"op\":\"acked\",\"seq\":1}");
}

TEST_F(AckTest, ASecondConnectionTakesTheNameOver) {
  start();
  auto first = subscribe(kMail);
  publish();
  first.line();
  auto second = connect();
  second.send(kMail + "\n");
  EXPECT_NE(first.line()->find(R"("code":"taken_over")"), std::string::npos);
  EXPECT_TRUE(first.at_end());
  EXPECT_EQ(second.line(), "{\"op\":\"subscribed\",\"from\":1}");
  EXPECT_EQ(seq_of(*second.line()), 1U);
  EXPECT_EQ(counters().taken_over, 1U);
}

TEST_F(AckTest, AStalledConnectionIsTakenOverToo) {
  limits.sweep_interval = std::chrono::milliseconds(10);
  start();
  auto first = subscribe(kMail);
  publish("sun", "world", 1'000'000);
  auto second = connect();
  second.send(kMail + "\n");
  EXPECT_EQ(second.line(), "{\"op\":\"subscribed\",\"from\":1}");
  EXPECT_EQ(seq_of(*second.line()), 1U);
  EXPECT_EQ(seq_of(*first.line()), 1U);  // its line is finished
  EXPECT_NE(first.line()->find(R"("code":"taken_over")"), std::string::npos);
}

TEST_F(AckTest, AConnectionKeepsItsConsumer) {
  start();
  auto client = subscribe(kMail);
  client.send(R"({"op":"subscribe","consumer":"other"})"
              "\n");
  EXPECT_NE(client.line()->find("connect again"), std::string::npos);
}

}  // namespace
}  // namespace newswire::serve
