"""What people read afterwards: feedback pages, the class report, what a student's code did."""
