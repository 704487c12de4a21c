import threading
import time

from app.db.queue_lock import QueueLock


def test_whoever_asked_first_comes_first() -> None:
    lock, order = QueueLock(), []
    assert lock.acquire(timeout=1)

    def work(number: int) -> None:
        assert lock.acquire(timeout=10)
        order.append(number)
        lock.release()

    threads = []
    for number in range(20):
        thread = threading.Thread(target=work, args=(number,))
        thread.start()
        threads.append(thread)
        while len(lock._waiting) <= number:
            time.sleep(0.001)
    lock.release()
    for thread in threads:
        thread.join()

    assert order == list(range(20))


def test_who_gave_up_waiting_is_passed_over() -> None:
    lock = QueueLock()
    assert lock.acquire(timeout=1)

    assert not lock.acquire(timeout=0.01)
    lock.release()

    assert lock.acquire(timeout=0.01)


def test_one_at_a_time_holds_it() -> None:
    lock, inside, most = QueueLock(), [], []

    def work() -> None:
        for _ in range(50):
            assert lock.acquire(timeout=10)
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            lock.release()

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert max(most) == 1
    assert len(most) == 800
