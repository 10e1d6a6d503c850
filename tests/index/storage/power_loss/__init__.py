"""Power loss, simulated: what a real writer did to its files, and what a disk may keep of it."""
